//! `wf-fix rules`.

use crate::fixture::{Fixture, snapshot};

#[test]
fn the_built_in_register_is_listed_shown_and_in_order() {
    let fixture = Fixture::demo();
    let said = fixture.wf_fix(&["rules"]);
    assert_eq!(said.code, 0);
    snapshot("rules-list", &said.out);
    let shown = fixture.wf_fix(&["rules", "show", "M03-R01"]);
    assert_eq!(shown.out, include_str!("../../rules/M03-R01.yml"));
    let checked = fixture.wf_fix(&["rules", "check"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, "8 rule files, all in order\n"));
}

#[test]
fn the_nearest_layer_wins() {
    let fixture = Fixture::demo();
    let rule = include_str!("../../rules/M03-R01.yml");
    let titled = |title: &str| rule.replacen("Target determination fails silently", title, 1);
    assert_ne!(titled("x"), rule);
    let title = || {
        let list = fixture.wf_fix(&["rules", "--rules", "near"]).out;
        let line = list.lines().find(|line| line.starts_with("M03-R01")).unwrap().to_owned();
        line.split_whitespace().skip(4).collect::<Vec<_>>().join(" ")
    };
    fixture.write("near/other.yml", rule.replace("M03-R01", "X-9").as_bytes());
    assert_eq!(title(), "built-in Target determination fails silently");
    fixture.write(".wf-fix/rules/a.yml", titled("of the repository").as_bytes());
    assert_eq!(title(), ".wf-fix/rules of the repository");
    fixture.write("near/mine.yml", titled("nearest").as_bytes());
    assert_eq!(title(), "near nearest");
}

#[test]
fn rules_can_be_read_outside_any_repository() {
    let fixture = Fixture::demo();
    std::fs::remove_dir_all(fixture.root().join(".git")).unwrap();
    assert_eq!(fixture.wf_fix(&["rules", "list", "--format", "json"]).code, 0);
}
