//! `wf-fix demo`: what a new user sees first.

use crate::fixture::Fixture;

#[test]
fn the_demo_commits_the_milestone_and_leaves_the_repository() {
    let fixture = Fixture::empty();
    let said = fixture.wf_fix(&["demo", "--dir", "shown"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for word in ["--dry-run", "-        continue-on-error: true", "M03-R05  fixed", "Risk-ID: M03-R03", "Look further"]
    {
        assert!(said.out.contains(word), "{word} is not in {}", said.out);
    }
    let stat = fixture.git(&["-C", "shown", "diff", "--shortstat", "HEAD~5", "HEAD"]);
    assert_eq!(stat.trim(), "5 files changed, 7 insertions(+), 37 deletions(-)");
    assert_eq!(fixture.git(&["-C", "shown", "status", "--porcelain"]), "");
    let again = fixture.wf_fix(&["demo", "--dir", "shown"]);
    assert!(again.code == 2 && again.err.contains("exists already"), "{}", again.err);
}
