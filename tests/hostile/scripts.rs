//! Scripts that are made to exhaust whoever reads them: what is too large or too deep counts as unknown.

use crate::ground::{FIX, Ground, script};

fn audited(text: &str) {
    let ground = Ground::of(script(text));
    ground.leaves_alone(&["audit"]).worked();
}

#[test]
fn scripts_of_any_depth_are_read_or_left_unknown() {
    let deep = |open: &str, middle: &str, close: &str, n: usize| {
        audited(&format!("{}{middle}{} || true", open.repeat(n), close.repeat(n)));
    };
    deep("$(", "a", ")", 30_000);
    deep("x=$(: \")\"; ", "a", ")", 3_000);
    deep("( : ')'; ", "a", ")", 3_000);
    deep("{ : '}'; ", "a; ", "}; ", 3_000);
    deep("if : fi ; then ", "a || true;", " fi;", 2_000);
    deep("while : done; do ", "a || true;", " done;", 2_000);
    deep("case a in a) ", "a || true", " ;; esac", 2_000);
    deep("echo \"$(: ')' ", "a", ")\"", 2_000);
    deep("! ", "a", "", 20_000);
    deep("[[ ! ", "a", " ]]", 5_000);
    deep("echo $((", "1", "))", 5_000);
    deep("`", "a", "`", 1_000);
}

#[test]
fn long_scripts_are_read_in_bounded_time() {
    for text in [
        vec!["a"; 5_000].join(" && "),
        vec!["a"; 1_500].join(" | "),
        vec!["a || true"; 1_000].join("\n"),
        vec!["bash -c 'a; b' || true"; 300].join("\n"),
        (0..400).map(|i| format!("f{i}() {{ a || true; f{}; }}\n", i + 1)).collect(),
        "f() { f || f; f && f; }\nf || true".to_owned(),
        format!("cat {}\n{}", "<<A ".repeat(2_000), "A\n".repeat(2_000)),
        format!("cat <<{0}\nx\n{0}\na || true", "A".repeat(14_000)),
        vec!["x=$(b)"; 5_000].join(" "),
    ] {
        audited(&text);
    }
}

#[test]
fn a_fix_beside_a_monstrous_script_is_made() {
    let ground = Ground::of(script(&vec!["a || true"; 20_000].join("\n")));
    ground.leaves_alone(&FIX).worked();
}
