//! The digest of all that a build may depend on: while it is the same, so is all that a build
//! would write.

use super::{Digest, File, Inputs, Options, digest, digest_of, hashed};

/// The digest of inputs and options. None as long as a Markdown file has not been read, and
/// nothing is known of it from before.
pub fn whole(inputs: &Inputs, options: &Options) -> Option<Digest> {
    let Inputs { name, has_content, files, diagnostics } = inputs;
    let mut whole = blake3::Hasher::new();
    whole.update(&hashed(&(name, has_content, diagnostics, options)));
    for (path, file) in files {
        let (kind, digest) = match file {
            File::Text(source) => (0, digest(source.text().as_bytes())),
            File::Markdown(manuscript) => (1, manuscript.known_digest()?),
            File::Bytes(bytes) => (2, digest(bytes)),
            File::Asset(asset) => (3, hashed(asset)),
        };
        whole.update(&(path.len() as u64).to_le_bytes());
        whole.update(path.as_bytes());
        whole.update(&[kind]);
        whole.update(&digest);
    }
    Some(digest_of(&whole.finalize()))
}
