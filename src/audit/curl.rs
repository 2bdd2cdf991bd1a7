//! What a `curl` command asks for, read from its words.
//!
//! Promise: pure. Source: curl's manual page: which short options take a value, that several short ones can stand in one
//! word, and `--fail` and `--fail-with-body`, without which an HTTP answer of 400 and above ends with 0.
//! Limitation: quotes are not undone; options that stand in a variable are not known, and the answer is `None`.

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sends {
    /// Nothing: a page is asked for.
    Nothing,
    /// Words: fields of a form or a body, or a method that changes something.
    Words,
    /// A file.
    File,
    /// A wish that something be gone.
    Removal,
}

/// A request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Whether an answer of 400 and above is a failure.
    pub fails: bool,
    /// What is sent.
    pub sends: Sends,
    /// Whether the answer goes to a file that is kept.
    pub kept: bool,
}

/// Short options that take a value, which may stand in the same word.
const WITH_VALUE: &str = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";

/// Methods that change something.
const CHANGES: &[&str] = &["POST", "PUT", "PATCH"];

/// Reads a command; `None` where it is no `curl`, or a variable may hold its options.
pub fn request(command: &str) -> Option<Request> {
    let mut words = command.split_whitespace().filter(|word| *word != "\\").skip_while(|word| *word != "curl");
    words.next()?;
    let mut found = Request { fails: false, sends: Sends::Nothing, kept: false };
    while let Some(word) = words.next() {
        if may_hold_options(word) || is_other_protocol(word) {
            return None;
        }
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) = long.split_once('=').unwrap_or((long, ""));
            found.take(name, if value.is_empty() { words.clone().next().unwrap_or_default() } else { value });
        } else if let Some(short) = word.strip_prefix('-') {
            let value = short.find(|letter| WITH_VALUE.contains(letter));
            let flags = &short[..value.unwrap_or(short.len())];
            for letter in flags.chars() {
                found.take(if letter == 'O' { "remote-name" } else { long_name(letter) }, "");
            }
            if let Some(at) = value {
                let letter = short[at..].chars().next().unwrap_or_default();
                let inside = &short[at + letter.len_utf8()..];
                let value = if inside.is_empty() { words.next().unwrap_or_default() } else { inside };
                found.take(long_name(letter), value);
            }
        }
    }
    Some(found)
}

/// `$CURL_OPTS`, `"${args[@]}"`, `"$@"`: what they hold is not known.
fn may_hold_options(word: &str) -> bool {
    const NAMES: &[&str] = &["opt", "opts", "option", "options", "arg", "args", "flag", "flags", "param", "params"];
    let lower = word.to_ascii_lowercase();
    let Some(name) = lower.trim_start_matches('"').strip_prefix('$') else { return false };
    let named = || name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| NAMES.contains(&part));
    lower.contains("[@]") || name.starts_with(['@', '*']) || named()
}

/// A refusal by these servers is a failure by itself: `--fail` is about HTTP.
fn is_other_protocol(word: &str) -> bool {
    let word = word.trim_start_matches(['"', '\'']);
    ["ftp://", "ftps://", "sftp://", "scp://", "file://", "smtp://", "smtps://"]
        .iter()
        .any(|lead| word.starts_with(lead))
}

fn long_name(letter: char) -> &'static str {
    match letter {
        'f' => "fail",
        'T' => "upload-file",
        'F' => "form",
        'd' => "data",
        'X' => "request",
        'o' => "output",
        'K' => "config",
        _ => "",
    }
}

impl Request {
    fn take(&mut self, option: &str, value: &str) {
        let value = value.trim_matches(['"', '\'']);
        match option {
            "fail" | "fail-with-body" => self.fails = true,
            "upload-file" => self.sends = Sends::File,
            "form" | "data" | "data-binary" | "data-raw" | "data-urlencode" | "json" | "form-string" => {
                let file = value.starts_with('@') || option == "form" && value.contains("=@");
                self.sends = self.sends.max(if file { Sends::File } else { Sends::Words });
            }
            "request" if CHANGES.contains(&value) => self.sends = self.sends.max(Sends::Words),
            "request" if value == "DELETE" => self.sends = Sends::Removal,
            "output" => self.kept = value != "/dev/null",
            "remote-name" | "remote-name-all" => self.kept = true,
            // A file of options may hold `fail`.
            "config" => self.fails = true,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_curl_reads_them() {
        let plain = Request { fails: false, sends: Sends::Nothing, kept: false };
        for (command, request) in [
            ("curl https://a.example", plain),
            ("curl -sSL https://a.example", plain),
            ("curl -fsSL https://a.example", Request { fails: true, ..plain }),
            ("curl -s --fail-with-body x", Request { fails: true, ..plain }),
            // What stands behind `-X` or `-u` is its value.
            ("curl -Xf x", plain),
            ("curl -uf:f x", plain),
            ("curl -sX POST x", Request { sends: Sends::Words, ..plain }),
            ("curl -XDELETE -d a x", Request { sends: Sends::Removal, ..plain }),
            ("curl --request GET x", plain),
            ("curl --request=PUT x", Request { sends: Sends::Words, ..plain }),
            ("curl -T a.deb x", Request { sends: Sends::File, ..plain }),
            ("curl -F \"package=@a.deb\" x", Request { sends: Sends::File, ..plain }),
            ("curl -F name=a x", Request { sends: Sends::Words, ..plain }),
            ("curl --data-binary \"@a.zip\" \\\n  x", Request { sends: Sends::File, ..plain }),
            ("curl --data-binary @a.zip -d b x", Request { sends: Sends::File, ..plain }),
            ("curl $TARGET_URL", plain),
            ("curl -sLo a.tgz x", Request { kept: true, ..plain }),
            ("curl -LO x", Request { kept: true, ..plain }),
            ("curl -s -o /dev/null x", plain),
            ("TOKEN=a curl -f x", Request { fails: true, ..plain }),
        ] {
            assert_eq!(super::request(command), Some(request), "{command}");
        }
        for unknown in [
            "wget x",
            "curl -T a ftp://a.example/",
            "curl -T a \"sftp://$HOST/\"",
            "curl $CURL_OPTS x",
            "curl \"${args[@]}\" x",
        ] {
            assert_eq!(super::request(unknown), None, "{unknown}");
        }
    }
}
