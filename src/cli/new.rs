//! `postil new`: a transcript to fill in.

use clap::Args;

use super::init::write_new;
use super::talk::{Talk, short};
use super::{Failure, here, values};
use crate::load;

const EXAMPLES: &str = "\
Examples:
  postil new \"A talk about training\" --speakers Host,Engineer
  postil new 训练大模型的一天 --speakers 主持人,工程师 --date 2026-11-20";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The title
    title: String,
    /// Who speaks, in the order of their first turn
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    speakers: Vec<String>,
    /// The day of the conversation [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = values::date)]
    date: Option<String>,
}

/// Writes the file and prints its path.
pub fn run(arguments: &Arguments, talk: &Talk) -> Result<(), Failure> {
    let title = arguments.title.trim();
    let name = values::file_name(title);
    if name.is_empty() {
        let message = "the title needs a letter or a digit: the file is named after it";
        return Err(Failure::Usage(message.to_owned()));
    }
    let folder = load::find(None, &here()?)?;
    let content =
        if folder.has_content { folder.root.join("content") } else { folder.root.clone() };
    let path = content.join(format!("{name}.md"));
    let date = match &arguments.date {
        Some(date) => date.clone(),
        None => values::today()?,
    };
    let text = transcript(title, &date, &speakers(&arguments.speakers));
    match write_new(&path, text.as_bytes()) {
        Ok(true) => {
            talk.result(&format!("{}\n", short(&path).display()));
            Ok(())
        }
        Ok(false) => Err(Failure::Environment(format!(
            "{} is there already; nothing was changed\n  Use another title, or edit that file.",
            short(&path).display()
        ))),
        Err(error) => {
            Err(Failure::Environment(format!("cannot write {}: {error}", short(&path).display())))
        }
    }
}

/// Names, also where they are separated as in Chinese.
fn speakers(given: &[String]) -> Vec<&str> {
    let names = given.iter().flat_map(|names| names.split(['，', '、', ',']));
    names.map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// A transcript with its front matter. A JSON string is a YAML string, whatever is in it.
fn transcript(title: &str, date: &str, speakers: &[&str]) -> String {
    let quote = |text: &str| serde_json::Value::from(text).to_string();
    let quoted: Vec<String> = speakers.iter().map(|name| quote(name)).collect();
    let mut text = format!("---\ntitle: {}\ndate: {date}\n", quote(title));
    if !quoted.is_empty() {
        text.push_str(&format!("speakers: [{}]\n", quoted.join(", ")));
    }
    text.push_str("---\n");
    for name in if speakers.is_empty() { &["Host", "Guest"] } else { speakers } {
        let colon = if name.is_ascii() { ":" } else { "：" };
        let space = if name.is_ascii() { " " } else { "" };
        text.push_str(&format!("\n**{name}{colon}**{space}…\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_stands_in_a_title_it_is_one_yaml_string() {
        for title in ["plain", "a: b # c", "\"quoted\"", "back\\slash", "line\nbreak", "黄：仁"]
        {
            let text = transcript(title, "2026-11-20", &["主持人", "H, E"]);
            let yaml = text.split("---\n").nth(1).unwrap();
            let value: serde_json::Value = serde_yaml::from_str(yaml).unwrap();
            assert_eq!(value["title"], title);
            assert_eq!(value["speakers"], serde_json::json!(["主持人", "H, E"]));
        }
    }

    #[test]
    fn speakers_are_separated_by_any_comma() {
        let given = ["主持人，工程师".to_owned(), " Host ".to_owned(), String::new()];
        assert_eq!(speakers(&given), ["主持人", "工程师", "Host"]);
    }
}
