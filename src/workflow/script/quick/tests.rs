//! What the quick way reads, and that it reads it as the parser does.

use super::super::{mask::mask, posix, syntax};
use super::*;

/// The tree of the parser.
pub(super) fn parsed(text: &str) -> Option<Tree> {
    let masked = mask(text);
    let tree = posix::parse(&masked, &[], None)?;
    syntax::Tree::of(&tree, &masked).map(comparable)
}

pub(super) fn quick(text: &str) -> Option<Tree> {
    read(text).map(comparable)
}

/// Where the text of a here-document begins and an `elif` ends, which the parser says in more than one way and nobody asks
/// for, made equal.
fn comparable(mut tree: Tree) -> Tree {
    for entry in &mut tree.entries {
        match entry.kind {
            Kind::HeredocBody => entry.start = 0,
            Kind::Elif => entry.end = 0,
            _ => {}
        }
    }
    tree
}

#[test]
fn scripts_are_read_as_the_parser_reads_them() {
    for text in [
        "a || true\nb && c || d",
        "a | b && c\nd 2>&1 | tee log\na && b 2>&1 | c",
        "a > x || true\na && b >> \"$X\" 2> /dev/null\n! a > x",
        "x=$(a)\nexport X=$(a | b) Y=\"$(c)\"\nA=1 B=$(b) c d\nfiles=(a \"b c\" $(d))",
        "if a; then\n  b\nelif [ \"$x\" = y ] && [[ -f a/b.c || $y == v* ]]; then\n  c # why\nelse\n  d\nfi\n",
        "while read -r x; do a \"$x\" & done < list\nuntil a; do b; sleep 1; done\n",
        "for x in a \"$(b)\" $(c) *.txt; do d || exit 1; done | e",
        "case \"$x\" in\n  a|\"b c\") d ;;\n  *)\n    e\n    f ;;\nesac\n",
        "f() {\n  a; return 1\n}\nfunction g {\n  b\n}\nf || g",
        "{ a; b; } > log\n(a; b) || c\n! (a)",
        "cat <<EOF > f\nx $(a b) ${C}\nEOF\ncat <<'EOF' | b -c\n$(no)\nEOF\npython3 - <<\"PY\"\nx\nPY\nb",
        "a <<< \"$b\" && c\nif a; then b; fi <<< c",
        "echo \"x ${{ github.a || 'b' }} $(a \"$(b)\") ${C:-d} ${E%%.*} $((f + 1))\" || true",
        "a \\\n  --b $'c\\n' \\\n  {1..3} {} || e",
        "[[ \"$a\" =~ ^v[0-9]+$ ]] && b",
        "if [[ $a =~ ^(b|c)$ && \"$d\" =~ e || -n f ]]; then g; fi",
        "unset A; set +e\nwait $!\nrc=$?",
        "a \"${b//, /:}\" ${c/d/} \"${e[12]}\" ${f[@]} \"${g%%,*}\" ${h:+a=b} || c",
        "a \"^${b}$\" | grep \"^c$|^d$\" || true",
        "[ -L \"$a\" ] || [[ -L b ]] && c",
        "bash -e -c 'a; b' d || true\ndocker run -v $(a):/b c sh -c \"d | e\" > f",
        "if a\nthen b; fi\nif a; then\n  b\n\nelse\n  c &\n\nfi",
        "a `b | c`:$d\nx=`e`\nf \"g `h` i\"",
        "a <(b) >(c) && (( x > 0 )) || ((y += 1))",
        "a [b]* {c,d}/e .#f ! -g",
        "[ -f a -a ! -d b ] || a \"b \\\n c /^$/d\"",
        "while read -r a; do b; done < <(c | d)\nmapfile -t e < <(f \"$g\"\n) || h",
    ] {
        assert!(quick(text).is_some(), "{text}");
        assert_eq!(quick(text), parsed(text), "{text}");
    }
}

#[test]
fn what_is_not_sure_is_left_to_the_parser() {
    for text in [
        // The parser reads these in one way here and in another there.
        "\na",
        "a \"$b $(c)\"",
        // What it does not read, or what does not end.
        "a \\\n\n",
        "a 'b",
        "a \"b",
        "a $(b",
        "if a; then b",
        "a && ",
        "a | ",
        "a ||| b",
        "a;; b",
        "}",
        "fi",
        "done",
        "a )",
        // What is not known here.
        "for ((i = 0; i < 3; i++)); do a; done",
        "select x in a; do b; done",
        "a > b c",
        "cat <<-EOF\n\ta\n\tEOF",
        "while a # b\ndo c; done",
        "a && # b\nc",
        "a\r\nb",
        "a ;; esac\nbash -c 'b'",
        "while a\nb ;; esac\nbash -ec \"d | e\"\n",
    ] {
        assert_eq!(quick(text), None, "{text}");
    }
}

/// Parts of scripts that meet in every order.
const PARTS: &[&str] = &[
    "a",
    "b c",
    "x=1",
    "x=$(a)",
    "$(b)",
    "\"$c\"",
    "\"d $(e)\"",
    "'f g'",
    "${h}",
    "${h//a/b}",
    "${h/ /,}",
    "${h%,}",
    "${h//:/ }",
    "${h:+=@}",
    "${h[2]}",
    "${h##+:}",
    "\"^a$\"",
    "$|",
    "$\"",
    " < <(a b)",
    "<(",
    " < <(",
    "-L \"$x\"",
    "[ -L x ]",
    " ",
    " ",
    "\n",
    "\n",
    "\n",
    "; ",
    " && ",
    " || ",
    " | ",
    " &",
    " > f",
    " 2>&1",
    " >> \"$g\"",
    " \\\n",
    "# i",
    "if a; then ",
    "; then\n",
    "\nelif b; then c\n",
    "\nelse\n",
    "\nfi\n",
    "while a; do\n",
    "for x in a b; do\n",
    "; done",
    "\ndone\n",
    "{ a; }",
    "{\n",
    "\n}\n",
    "(a)",
    "(",
    ")",
    "! ",
    "f() {\n",
    "[ -n \"$x\" ]",
    "[[ $x == y* ]]",
    "[[ $x =~ ^y$ && -n z ]]",
    "[[ x =~ ",
    "case $x in\n",
    "a) b ;;\n",
    "esac\n",
    "cat <<EOF\nx\nEOF\n",
    "export Y=$(z)",
    "exit 1",
    ";; ",
    "bash -c 'a | b'",
    "sh -ec \"a; b\" ",
    "set +e\n",
    "-",
    "$",
    "\"",
    "'",
    "`",
    "{}",
    "{a,b}",
    "x{a,{b,c}}/d",
    "[a-z]*",
    "((a += 1))",
    "(( $x > 0 ))",
    "`a | b`",
    " `a | b`",
    "x=`a`:$b ",
    " \"a `b` $(c)\"",
    "\"c `d`\"",
    " <(a)",
    " >(b) ",
    " ! ",
    "-I{}",
    "b^{c}/{d}",
    "$(< f)",
    "[[ a || ( b && -n c ) ]]",
    "[[ $a =~ \"b\" ]]",
    "$(( (b - 1) > 3 ? 4 : 5 ))",
    "${b//\\//-}",
    "${c//^v//}",
    "${d::8}",
    "${!e}",
    "${f[$g]}",
    "${h%%[-+]*}",
    "${a:-<b>}",
    "${a:-?}",
    "${a//./\\.}",
    "${a%%\\?*}",
    "${a%%|*}",
    "${a#\\#}",
    "${a//\\//%2F}",
    "${a::-3}",
    "[[ $a > b ]]",
    "[[ (a) || ( (b && c) || d ) ]]",
    "[[ $a =~ b:\\ c ]]",
    " <<< $a",
    " <<<\"b\"",
    "while [ $i -lt ${#a[@]} ]; ",
    "time ",
    "\\\n",
    " *\"a b\"*) ",
    "cat <<EOF\nx\\`a\\` \\$(b) $(c)\nEOF\n",
    "\"x\n# y\nz\"",
    "[ -f a -o b = c ]",
    "d.#e",
    "\"^f$/g\"",
    "\"a \\\n b\"",
    " do ",
    "\n\n",
    "; ",
    "then\n",
    "=",
    "*",
];

#[test]
fn what_it_reads_it_reads_as_the_parser_does() {
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    let mut roll = |below: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice >> 16) as usize % below
    };
    let mut read_at_all = 0;
    for _ in 0..60_000 {
        let text: String = (0..=roll(10)).map(|_| PARTS[roll(PARTS.len())]).collect();
        if let Some(tree) = quick(&text).filter(|tree| !is_for_bash(tree)) {
            read_at_all += 1;
            assert_eq!(Some(tree), parsed(&text), "{text:?}");
        }
    }
    assert!(read_at_all > 1000, "{read_at_all}");
}

#[test]
fn what_is_deep_does_not_exhaust_the_stack() {
    for (open, count) in [("if file; then ", 2000), ("! ", 16_000), ("{ ", 10_000), ("$(", 10_000), ("\"$(", 8_000)] {
        assert_eq!(quick(&open.repeat(count)), None);
    }
    let long = format!("{}a", "a && ".repeat(3_000));
    assert!(quick(&long).is_some());
    assert_eq!(parsed(&long), None);
}

/// Whether what stands somewhere in a script is read by the parser in one way here and in another there, or not at all, and by
/// us as bash reads it: a pipe of three parts or more, which what follows is taken for a part of, several assignments, which the
/// line below is taken for the command of, and a here-string behind another redirection. `tests/bash` holds those against bash.
pub(super) fn is_for_bash(tree: &Tree) -> bool {
    let assigns = tree.entries.iter().any(|entry| entry.kind == Kind::Assignments);
    let below = |at: usize| {
        let mut next = at as u32 + 1;
        std::iter::from_fn(move || {
            let this = (next < tree.entries[at].after).then_some(next)?;
            let this = &tree.entries[this as usize];
            next = this.after;
            Some(this.kind)
        })
    };
    let odd = |at: usize| match tree.entries[at].kind {
        Kind::Pipeline => below(at).count() > 2,
        Kind::Redirected => below(at).skip(2).any(|kind| kind == Kind::HerestringRedirect),
        _ => false,
    };
    assigns || (0..tree.entries.len()).any(odd)
}
