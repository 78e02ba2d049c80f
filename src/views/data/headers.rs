//! `_headers`, for hosts that read it (Netlify, Cloudflare Pages, and others in their manner): the
//! policy that the pages are made for, how long assets may be kept, and which files search engines
//! should leave out that cannot say so themselves.
//!
//! Source: <https://developers.cloudflare.com/pages/configuration/headers/>,
//! <https://docs.netlify.com/manage/routing/headers/>. A rule's path is compared with the address
//! as it was asked for, so it is encoded as in the site's own links; `*` and `:`, which mean more in
//! a rule, stand in no output path.

use super::super::PageRef;
use super::super::frame::POLICY;
use super::sitemap::may_be_found;
use super::{Data, export};
use crate::config::Csp;
use crate::paths::link::encode_path;
use crate::site::Site;

/// How many characters a line may have. A longer one is passed over by Cloudflare Pages, and its
/// header taken for one of the rule above it.
const LINE: usize = 2000;

/// The file, and how many addresses are too long to stand in it.
pub(in crate::views) fn headers(site: &Site) -> (String, usize) {
    let mut text = String::new();
    if site.config.csp == Csp::Header {
        text.push_str(&format!(
            "/*\n  Content-Security-Policy: {POLICY}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n\
             /assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"
        ));
    }
    let mut too_long = 0;
    let exports = export::all(site).filter(|(_, page, _)| !may_be_found(site.page(*page)));
    for (path, _, _) in exports {
        match format!("/{}", encode_path(&path)) {
            rule if rule.len() > LINE => too_long += 1,
            rule => text.push_str(&format!("{rule}\n  X-Robots-Tag: noindex\n")),
        }
    }
    (text, too_long)
}

/// Whether a file is one that search engines should leave out and that cannot say so itself.
pub(in crate::views) fn is_noindex(site: &Site, page: PageRef) -> bool {
    matches!(page, PageRef::Data(Data::Export(at, _)) if !may_be_found(site.page(at)))
}
