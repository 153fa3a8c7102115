//! Just enough of Rust's grammar to find the paths in a source.

/// A word, or a sign. `::` is one sign; a literal is the sign `"`, whatever it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    /// Its line, from 1.
    pub line: usize,
}

impl Token {
    /// Whether it is a name or a keyword.
    pub fn is_word(&self) -> bool {
        self.text.starts_with(|first: char| first.is_alphabetic() || first == '_')
    }
}

/// The tokens of a source, without its comments and without what its literals hold.
pub fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let (mut position, mut line) = (0, 1);
    while position < chars.len() {
        let length = token_length(&chars[position..]);
        let text: String = chars[position..position + length].iter().collect();
        let first = chars[position];
        if is_literal(&chars[position..]) {
            tokens.push(Token { text: "\"".to_owned(), line });
        } else if !first.is_whitespace() && !text.starts_with("//") && !text.starts_with("/*") {
            tokens.push(Token { text, line });
        }
        line += chars[position..position + length].iter().filter(|it| **it == '\n').count();
        position += length;
    }
    tokens
}

/// How many characters the first token takes, or the comment or the space before it.
fn token_length(chars: &[char]) -> usize {
    match (chars[0], chars.get(1)) {
        ('/', Some('/')) => count_while(chars, |it| it != '\n'),
        ('/', Some('*')) => block_comment_length(chars),
        (':', Some(':')) => 2,
        ('\'', _) if is_literal(chars) => quoted_length(chars, '\''),
        ('"', _) => quoted_length(chars, '"'),
        _ => match raw_string_length(chars) {
            Some(length) => length,
            None if is_word_char(chars[0]) => count_while(chars, is_word_char),
            None => 1,
        },
    }
}

fn is_literal(chars: &[char]) -> bool {
    match chars[0] {
        '"' => true,
        // A lifetime has no quote after its first character.
        '\'' => chars.get(1) == Some(&'\\') || chars.get(2) == Some(&'\''),
        _ => raw_string_length(chars).is_some(),
    }
}

fn is_word_char(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

fn count_while(chars: &[char], holds: impl Fn(char) -> bool) -> usize {
    chars.iter().take_while(|char| holds(**char)).count()
}

/// The length of a quoted text, quotes included; a backslash takes the next character with it.
fn quoted_length(chars: &[char], quote: char) -> usize {
    let mut position = 1;
    while position < chars.len() && chars[position] != quote {
        position += if chars[position] == '\\' { 2 } else { 1 };
    }
    (position + 1).min(chars.len())
}

/// The length of a raw text such as `r"…"`, `r#"…"#` or `br#"…"#`, if one starts here.
fn raw_string_length(chars: &[char]) -> Option<usize> {
    let prefix = count_while(chars, |it| it == 'b' || it == 'c' || it == 'r');
    if !(1..=2).contains(&prefix) || chars[prefix - 1] != 'r' {
        return None;
    }
    let hashes = count_while(&chars[prefix..], |it| it == '#');
    if chars.get(prefix + hashes) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let start = prefix + hashes + 1;
    let inside = chars[start..].windows(end.len()).position(|window| window == end);
    Some(inside.map_or(chars.len(), |length| start + length + end.len()))
}

/// The length of a block comment; they nest.
fn block_comment_length(chars: &[char]) -> usize {
    let (mut position, mut depth) = (0, 0);
    while position < chars.len() {
        match (chars[position], chars.get(position + 1)) {
            ('/', Some('*')) => (depth, position) = (depth + 1, position + 2),
            ('*', Some('/')) => (depth, position) = (depth - 1, position + 2),
            _ => position += 1,
        }
        if depth == 0 {
            break;
        }
    }
    position.min(chars.len())
}

/// A path from the crate's root: `["raft", "Message"]` for `crate::raft::Message`.
#[derive(Debug, PartialEq, Eq)]
pub struct CratePath {
    pub segments: Vec<String>,
    /// The line in which it starts.
    pub line: usize,
}

/// All paths in these tokens that start with `crate` or `super`. `module` is the path of the
/// module that the file holds.
pub fn crate_paths(tokens: &[Token], module: &[String]) -> Vec<CratePath> {
    let mut paths = Vec::new();
    // The module at each open brace: a `mod name {` goes down, any other brace stays.
    let mut scopes = vec![module.to_vec()];
    let mut position = 0;
    while position < tokens.len() {
        let here = scopes.last().cloned().unwrap_or_default();
        let is_inner = position > 0 && tokens[position - 1].text == "::";
        match tokens[position].text.as_str() {
            "{" => scopes.push(match &tokens[..position] {
                [.., keyword, name] if keyword.text == "mod" => {
                    [here, vec![name.text.clone()]].concat()
                }
                _ => here,
            }),
            "}" if scopes.len() > 1 => drop(scopes.pop()),
            "crate" | "super" | "self" if !is_inner && starts_path(&tokens[position..]) => {
                let mut tree = Tree { tokens, position, module: &here, paths: &mut paths };
                tree.read(here.clone());
                // Braces of a group are balanced, so that the scopes stay right.
                position = tree.position;
                continue;
            }
            _ => {}
        }
        position += 1;
    }
    paths
}

/// Whether this `crate`, `super` or `self` is followed by more, or gets another name. Otherwise it
/// is a visibility or a value.
fn starts_path(tokens: &[Token]) -> bool {
    tokens.get(1).is_some_and(|next| next.text == "::" || next.text == "as")
}

/// Reads one path, or a group of paths, from where it starts.
struct Tree<'a> {
    tokens: &'a [Token],
    position: usize,
    module: &'a [String],
    paths: &'a mut Vec<CratePath>,
}

impl Tree<'_> {
    /// Reads a path that continues `segments`; leaves `position` after it.
    fn read(&mut self, mut segments: Vec<String>) {
        let line = self.tokens[self.position].line;
        while let Some(token) = self.tokens.get(self.position) {
            match token.text.as_str() {
                "crate" => segments.clear(),
                "super" => drop(segments.pop()),
                "self" => {}
                "*" => segments.push("*".to_owned()),
                "{" => return self.read_group(&segments),
                _ if token.is_word() => segments.push(token.text.clone()),
                _ => break,
            }
            self.position += 1;
            if self.tokens.get(self.position).is_none_or(|next| next.text != "::") {
                break;
            }
            self.position += 1;
        }
        if segments != self.module {
            self.paths.push(CratePath { segments, line });
        }
    }

    /// Reads `{a, b::c}`, each of which continues `segments`.
    fn read_group(&mut self, segments: &[String]) {
        self.position += 1;
        while let Some(token) = self.tokens.get(self.position) {
            match token.text.as_str() {
                "}" => {
                    self.position += 1;
                    return;
                }
                "," => self.position += 1,
                // `a as b`: the other name says nothing about the path.
                "as" => self.position += 2,
                _ => {
                    let before = self.position;
                    self.read(segments.to_vec());
                    // What is no path would otherwise be looked at for ever.
                    self.position = self.position.max(before + 1);
                }
            }
        }
    }
}

mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        tokens(source).into_iter().map(|token| token.text).collect()
    }

    fn paths(source: &str, module: &[&str]) -> Vec<String> {
        let module: Vec<_> = module.iter().map(|it| (*it).to_owned()).collect();
        crate_paths(&tokens(source), &module).iter().map(|it| it.segments.join("::")).collect()
    }

    #[test]
    fn comments_and_what_literals_hold_are_not_read() {
        let source = "a /* b /* c */ d */ \"e \\\" f\" // g\nh r#\"i \" j\"# 'k' '\\'' &'l b\"m\"";
        assert_eq!(words(source), ["a", "\"", "h", "\"", "\"", "\"", "&", "'", "l", "b", "\""]);
    }

    #[test]
    fn lines_are_counted_through_all_tokens() {
        let found = tokens("a\n/* \n */ \"\n\" b");
        assert_eq!(found.last().map(|token| token.line), Some(4));
    }

    #[test]
    fn paths_are_found_wherever_they_stand() {
        let cases: [(&str, &[&str], &[&str]); 15] = [
            ("use crate::raft::Raft;", &["bank"], &["raft::Raft"]),
            ("pub(crate) fn f(x: crate::raft::Log) {}", &["bank"], &["raft::Log"]),
            ("use crate::{bank::Ledger, raft};", &["chain"], &["bank::Ledger", "raft"]),
            ("use crate::{self as it, a::{b as c, d::e}};", &["x"], &["", "a::b", "a::d::e"]),
            ("use super::super::raft::Raft;", &["bank", "request"], &["raft::Raft"]),
            ("use super::Ledger;", &["bank", "request"], &["bank::Ledger"]),
            ("use super::{super::raft, Ledger};", &["bank", "request"], &["raft", "bank::Ledger"]),
            ("mod tests { use super::super::raft; }", &["bank"], &["raft"]),
            ("mod tests { use super::*; } use super::raft;", &["bank"], &["bank::*", "raft"]),
            ("fn f() { if x {} } use super::sim;", &["bank"], &["sim"]),
            ("use crate::*;", &["bank"], &["*"]),
            ("fn f(&self) { self.x }", &["bank"], &[]),
            ("pub(super) struct Log;", &["bank"], &[]),
            ("use crate as it;", &["bank"], &[""]),
            ("let r = crate::raft::Raft { id };", &["bank"], &["raft::Raft"]),
        ];
        for (source, module, expected) in cases {
            assert_eq!(paths(source, module), expected, "{source}");
        }
    }
}
