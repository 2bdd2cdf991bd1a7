//! Commands by their names, and where their input and output go.

use super::pattern::Pattern;
use super::sets::{Channel, Sets};
use super::state::{Flow, State, UNKNOWN_CODE, Var};
use super::tree::Node;
use super::trial::TRIED;
use super::{HOLE, jq};
use crate::workflow::condition::Truth;

/// Commands that may change the shell in ways that are not followed.
const UNKNOWN: &[&str] =
    &["eval", "source", ".", "exec", "trap", "shopt", "mapfile", "readarray", "let", "getopts", "wait"];

/// Commands that only show or wait, and are taken to succeed.
const SHOWS: &[&str] = &["sleep", "date", "ls", "env", "printenv", "pwd", "whoami"];

impl<'s> State<'s> {
    pub fn command(&mut self, node: Node<'s>) -> Option<()> {
        let (mut arguments, mut redirects, mut ifs) = (Vec::new(), Vec::new(), None);
        for child in node.children() {
            match child.kind() {
                "command_name" => {}
                "variable_assignment" => {
                    let text = self.source.get(child.byte_range())?;
                    ifs = text.strip_prefix("IFS=").map(|by| by.trim_matches(['\'', '"']).to_owned()).or(ifs);
                }
                kind if kind.ends_with("_redirect") => redirects.push(child),
                _ => arguments.push(child),
            }
        }
        let name = self.text(node.field("name")?.named_child(0)?)?;
        self.redirect(&redirects, |state| {
            state.status = state.named(&name, &arguments, ifs, node)?;
            state.check();
            Some(())
        })
    }

    pub fn redirected(&mut self, node: Node<'s>) -> Option<()> {
        let body = node.field("body")?;
        let redirects: Vec<_> = node.children().into_iter().filter(|child| *child != body).collect();
        self.redirect(&redirects, |state| state.run(body))
    }

    /// Plays something with its input and output led elsewhere (manual, Redirections).
    fn redirect(&mut self, redirects: &[Node<'s>], play: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        let mut all = redirects.to_vec();
        all.extend(redirects.iter().filter(|own| own.kind() == "heredoc_redirect").flat_map(|own| own.children()));
        let (mut input, mut away, mut file) = (None, false, None);
        for redirect in all {
            match redirect.kind() {
                "herestring_redirect" => input = Some(format!("{}\n", self.text(redirect.named_child(0)?)?)),
                "heredoc_body" => input = Some(self.text(redirect)?),
                "file_redirect" if redirect.has_sign("<") => {
                    let from = redirect.field("destination")?;
                    let substituted = from.kind() == "process_substitution";
                    let text = if substituted { self.apart(&from.children(), false)?.1 } else { HOLE.to_string() };
                    input = Some(text);
                }
                "file_redirect" => {
                    let descriptor = redirect.field("descriptor");
                    match descriptor.and_then(|own| self.source.get(own.byte_range())) {
                        Some("2") => {}
                        Some("1") | None => {
                            away = true;
                            file = self.channel(redirect)?;
                        }
                        Some(_) => self.sets.blur(),
                    }
                }
                "heredoc_redirect" | "heredoc_start" | "heredoc_end" | "file_descriptor" => {}
                _ => return None,
            }
        }
        // What was printed before is put aside: where two ways meet, a text may become shorter.
        let (printed, before) = (std::mem::take(&mut self.out), self.input.clone());
        let own_input = input.is_some();
        self.input = input.unwrap_or(before.clone());
        let fed = self.fed;
        self.fed |= own_input;
        play(self)?;
        self.fed = fed;
        if own_input {
            self.input = before;
        }
        let written = std::mem::replace(&mut self.out, printed);
        match file {
            Some(channel) => self.sets.write(channel, &written),
            None if !away => self.out.push_str(&written),
            None => {}
        }
        Some(())
    }

    /// Where what goes to the target of a redirection is read, if it is one of the runner's files.
    fn channel(&mut self, redirect: Node<'s>) -> Option<Option<Channel>> {
        let Some(target) = redirect.field("destination") else { return Some(None) };
        let path = self.text(target)?;
        let channel = Sets::channel(&path);
        match channel {
            Some(channel) if !redirect.has_sign(">>") => self.sets.truncate(channel),
            // It may be any file.
            None if path.contains(HOLE) => self.sets.leave_open(),
            _ => {}
        }
        Some(channel)
    }

    /// What a command does: whether it succeeds.
    fn named(&mut self, name: &str, arguments: &[Node<'s>], ifs: Option<String>, node: Node<'s>) -> Option<Truth> {
        if name == "test" {
            return self.test_words(arguments);
        }
        let mut words = Vec::new();
        for argument in arguments {
            words.extend(self.fields(*argument)?);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.code = 1;
        match name {
            _ if self.functions.contains_key(name) => self.call(name, &words),
            _ if name.contains(HOLE) || UNKNOWN.contains(&name) => None,
            TRIED if self.trial.is_some() => {
                self.out.push(HOLE);
                self.code = UNKNOWN_CODE;
                Some(Truth::False)
            }
            "true" | ":" => Some(Truth::True),
            "false" => Some(Truth::False),
            "echo" => self.print(&words),
            "printf" => {
                let text = match words[..] {
                    ["%s\\n", ref rest @ ..] => rest.iter().map(|word| format!("{word}\n")).collect(),
                    ["%s", word] => word.to_owned(),
                    _ => HOLE.to_string(),
                };
                (!words.contains(&"-v")).then(|| self.prints(&text))
            }
            // Outside of a function it is an error.
            "return" if self.calls == 0 => None,
            "exit" | "return" => self.leave(name, &words),
            "break" | "continue" if words.is_empty() => {
                self.flow = if name == "break" { Flow::Break } else { Flow::Continue };
                Some(Truth::True)
            }
            "set" => self.switch(&words),
            "shift" if words.is_empty() && !self.args.is_empty() => {
                self.args = self.args.get(1..).unwrap_or_default().to_vec();
                Some(Truth::True)
            }
            "read" => self.read(&words, ifs),
            "grep" | "egrep" => self.grep(&words, name == "egrep"),
            "jq" => {
                let (succeeds, out) = jq::run(&words, &self.input).unwrap_or((Truth::Unknown, HOLE.to_string()));
                self.out.push_str(&out);
                Some(succeeds)
            }
            "cat" | "tee" if name == "tee" || words.is_empty() => {
                let text = self.input.clone();
                for channel in words.iter().filter_map(|word| Sets::channel(word)) {
                    if !words.contains(&"-a") && !words.contains(&"--append") {
                        self.sets.truncate(channel);
                    }
                    self.sets.write(channel, &text);
                }
                Some(self.prints(&text))
            }
            "tr" => {
                let text = translated(&self.input, &words);
                Some(self.prints(&text))
            }
            _ => {
                self.out.push(HOLE);
                let shows = SHOWS.contains(&name) && (name != "env" || words.is_empty());
                if shows && self.trial.is_none() {
                    // Whoever asks has a reason to.
                    return Some(if self.asked > 0 { Truth::Unknown } else { Truth::True });
                }
                match words.iter().any(|word| Sets::named_in(word)) {
                    true => self.sets.blur(),
                    false => self.sets.leave_open(),
                }
                self.code = UNKNOWN_CODE;
                Some(self.beside_tried(name, node))
            }
        }
    }

    fn prints(&mut self, text: &str) -> Truth {
        self.out.push_str(text);
        Truth::True
    }

    fn print(&mut self, words: &[&str]) -> Option<Truth> {
        let options = words.iter().take_while(|word| matches!(**word, "-n" | "-e" | "-ne" | "-en" | "-E")).count();
        let (options, words) = words.split_at(options);
        let mut text = words.join(" ");
        if options.iter().any(|option| option.contains('e')) {
            text = if text.contains("\\\\") { HOLE.to_string() } else { text.replace("\\n", "\n") };
        }
        // The old way to set an output.
        if let Some((name, value)) = text.strip_prefix("::set-output name=").and_then(|rest| rest.split_once("::")) {
            self.sets.write(Channel::Output, &format!("{name}={}\n", value.trim_end_matches('\n')));
        }
        if !options.iter().any(|option| option.contains('n')) {
            text.push('\n');
        }
        Some(self.prints(&text))
    }

    fn leave(&mut self, name: &str, words: &[&str]) -> Option<Truth> {
        let succeeds = match words {
            [] => self.status,
            [code] if code.contains(HOLE) => Truth::Unknown,
            [code] => Truth::from(code.parse::<i64>().is_ok_and(|code| code & 255 == 0)),
            _ => return None,
        };
        if let [code] = words {
            self.code = code.parse::<i64>().map_or(UNKNOWN_CODE, |code| code & 255);
        }
        self.status = succeeds;
        match name {
            "exit" => self.exit(succeeds),
            _ => self.flow = Flow::Return,
        }
        Some(succeeds)
    }

    /// `set -euo pipefail` and the like.
    fn switch(&mut self, words: &[&str]) -> Option<Truth> {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (on, letters) = match (word.strip_prefix('-'), word.strip_prefix('+')) {
                (Some(letters), _) => (true, letters),
                (_, Some(letters)) => (false, letters),
                _ => return None,
            };
            if letters.is_empty() || letters.contains(|c| !"euxovE".contains(c)) {
                return None;
            }
            // What is not set ends the script then, which a trial does not follow.
            let nounset = on && letters.contains('u');
            if nounset && self.trial.is_some() {
                return None;
            }
            if letters.contains('e') {
                self.errexit = on;
            }
            match letters.contains('o').then(|| words.next()) {
                Some(Some(&"pipefail")) => self.pipefail = on,
                Some(Some(&"errexit")) => self.errexit = on,
                Some(Some(&"nounset")) if on && self.trial.is_some() => return None,
                Some(Some(&("nounset" | "xtrace"))) | None => {}
                Some(_) => return None,
            }
        }
        Some(Truth::True)
    }

    fn call(&mut self, name: &str, words: &[&str]) -> Option<Truth> {
        let body = self.functions.get(name).copied()?;
        let given = words.iter().map(|word| (*word).to_owned()).collect();
        let outer = std::mem::replace(&mut self.args, given);
        let before = self.hidden.len();
        self.calls += 1;
        self.run(body)?;
        self.calls -= 1;
        self.args = outer;
        for (name, value) in self.hidden.split_off(before).into_iter().rev() {
            match value {
                Some(value) => drop(self.vars.insert(name, value)),
                None => drop(self.vars.remove(&name)),
            }
        }
        match self.flow {
            Flow::Return => self.flow = Flow::On,
            Flow::Break | Flow::Continue => return None,
            Flow::On | Flow::Exit => {}
        }
        Some(self.status)
    }

    /// `read`: one line of the input, split at the separators, the last name taking the rest.
    fn read(&mut self, words: &[&str], ifs: Option<String>) -> Option<Truth> {
        let (array, names) = match words {
            ["-r", "-a", name] | ["-ra" | "-a", name] => (Some(*name), &words[..0]),
            ["-r", names @ ..] => (None, names),
            names => (None, names),
        };
        if self.input.contains(HOLE) || names.iter().any(|name| name.starts_with('-')) {
            return None;
        }
        let input = std::mem::take(&mut self.input);
        let (line, rest, ends) = match input.split_once('\n') {
            Some((line, rest)) => (line, rest, Truth::True),
            None => (input.as_str(), "", Truth::False),
        };
        let is_separator = |c: char| ifs.as_deref().map_or(c.is_whitespace(), |ifs| ifs.contains(c));
        if let Some(name) = array {
            let members = line.split(is_separator).filter(|member| !member.is_empty());
            let members = members.enumerate().map(|(at, member)| (at.to_string(), member.to_owned()));
            self.vars.insert(name.to_owned(), Var::Array(members.collect()));
        }
        let mut line = line;
        for (at, name) in names.iter().enumerate() {
            line = line.trim_matches(is_separator);
            let last = at + 1 == names.len();
            let end = if last { None } else { line.find(is_separator) }.unwrap_or(line.len());
            self.set(name, line[..end].to_owned());
            line = &line[end..];
        }
        self.input = rest.to_owned();
        Some(ends)
    }

    /// `grep` over the input; what its other options do is not known.
    fn grep(&mut self, words: &[&str], extended: bool) -> Option<Truth> {
        // GNU grep takes options behind the pattern too.
        let is_option = |word: &&&str| word.starts_with('-') && word.len() > 1;
        let (options, rest): (Vec<&&str>, Vec<&&str>) = words.iter().partition(is_option);
        let options: String = options.into_iter().map(|word| &word[1..]).collect();
        let has = |letter: char| options.contains(letter);
        let [pattern] = rest[..] else { return Some(self.unknown()) };
        if options.contains(|c| !"qEFwxvios".contains(c)) {
            return Some(self.unknown());
        }
        if pattern.contains("(?") {
            return Some(self.unknown());
        }
        let mut expression = match (has('F'), has('E') || extended) {
            (true, _) => regex::escape(pattern),
            (_, true) => (*pattern).to_owned(),
            _ if pattern.contains("\\|") && !pattern.contains(['(', '{', '+', '?']) => pattern.replace("\\|", "|"),
            _ if pattern.contains(['|', '(', '{', '+', '?', '\\']) => HOLE.to_string(),
            _ => (*pattern).to_owned(),
        };
        for (letter, around) in [('w', ("\\b(?:", ")\\b")), ('x', ("^(?:", ")$")), ('i', ("(?i:", ")"))] {
            if has(letter) {
                expression = format!("{}{expression}{}", around.0, around.1);
            }
        }
        let pattern = Pattern::regex(&expression);
        let (mut found, mut shown) = (Truth::False, String::new());
        for line in self.input.lines() {
            let fits = match pattern.fits(line) {
                _ if has('v') && line.contains(HOLE) => Truth::Unknown,
                fits if has('v') => !fits,
                fits => fits,
            };
            found = found | fits;
            match fits {
                Truth::False => {}
                // Of a line that fits, `-o` shows a part.
                _ if fits == Truth::Unknown || line.contains(HOLE) || has('o') => shown.push(HOLE),
                _ => shown.extend([line, "\n"]),
            }
        }
        if !has('q') {
            self.out.push_str(&shown);
        }
        Some(found)
    }

    fn unknown(&mut self) -> Truth {
        self.out.push(HOLE);
        Truth::Unknown
    }
}

/// `tr` for single characters, and `tr -d`.
fn translated(text: &str, words: &[&str]) -> String {
    let plain = |set: &str| !set.contains(['-', '[', HOLE]) && !set.replace("\\n", "").contains('\\') || set.len() == 1;
    let set = |set: &str| set.replace("\\n", "\n");
    match words {
        ["-d", gone] if plain(gone) => {
            let gone: Vec<char> = set(gone).chars().collect();
            text.replace(gone.as_slice(), "")
        }
        [from, to] if plain(from) && plain(to) && set(from).len() == 1 && set(to).len() == 1 => {
            text.replace(&set(from), &set(to))
        }
        _ => HOLE.to_string(),
    }
}
