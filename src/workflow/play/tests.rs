use super::*;

/// The answer in a word: whether a script under `bash -e` fails, `$NEEDS` being of these results.
fn outcome(script: &str) -> &'static str {
    let needs = "{\n  \"a\": {\n    \"result\": \"success\",\n    \"outputs\": {\u{fffc}}\n  },\n  \"b\": {\n    \
                 \"result\": \"skipped\",\n    \"outputs\": {}\n  }\n}";
    let env = [
        ("A", "success".to_owned()),
        ("B", "skipped".to_owned()),
        ("F", "failure".to_owned()),
        ("U", HOLE.to_string()),
        ("ALL", "success,skipped,failure".to_owned()),
        ("LIST", "success skipped".to_owned()),
        ("NEEDS", needs.to_owned()),
    ];
    match Played::default().play(script, &env, true, false).fails {
        Truth::True => "fails",
        Truth::False => "succeeds",
        Truth::Unknown => "unknown",
    }
}

#[test]
fn scripts_are_played() {
    for (script, expected) in [
        ("echo hello; exit 1", "fails"),
        ("true\nfalse || :\n! true\necho done", "succeeds"),
        ("set +e\nfalse\nexit $?", "fails"),
        // What two ways print is a hole, and shorter than what was printed before.
        ("echo \u{e4}\u{e4}\u{e4}\u{e4}\nif [ $U = a ]; then echo x; else echo y; fi >> file", "succeeds"),
        ("make", "unknown"),
        ("make || true", "succeeds"),
        ("make; exit 1", "fails"),
        ("eval x; exit 1", "unknown"),
        ("if [ \"$A\" != success ]; then exit 1; fi", "succeeds"),
        ("if [ \"$F\" != success ]; then exit 1; fi", "fails"),
        ("if [ \"$U\" != success ]; then exit 1; fi", "unknown"),
        ("if [ \"$U\" != success ]; then exit 1; else false; fi", "fails"),
        ("if [ \"$U\" = x ]; then r=1; else r=1; fi\nexit $r", "fails"),
        ("if [ \"$U\" = x ]; then r=1; else r=0; fi\nexit $r", "unknown"),
        ("if [ 'skipped' == 'skipped' ] || [ x == $U ]; then\nexit 0\nfi\nexit 1", "succeeds"),
        ("[ \"$A\" = failure -o \"$B\" = skipped -a \"$F\" = failure ]", "succeeds"),
        ("test \"$A\" = success && test \"$B\" = success", "fails"),
        ("[[ $A == success && ( $B == s* || $U == x ) ]]", "succeeds"),
        ("[[ \"$A\" != \"success\" ]] && exit 1\nexit 0", "succeeds"),
        ("[[ \"$ALL\" == *failure* ]] && exit 1\ntrue", "fails"),
        ("[[ \"$U,failure\" == *failure* ]] && exit 1\ntrue", "fails"),
        ("[[ $B =~ ^(success|\"skipped\")$ ]] || exit 1", "succeeds"),
        ("[[ $F =~ ^(success|skipped)$ ]] || exit 1", "fails"),
        ("[ -z $X ]", "unknown"),
        ("X=\n[ -z $X ] && [ -z \"$X\" ] && [ -n \"$A\" ]", "succeeds"),
        ("case \"$B\" in\n success|skipped) exit 0 ;;\n *) exit 1 ;;\nesac", "succeeds"),
        ("case $U in success) exit 0;; *) exit 1;; esac", "unknown"),
        ("for r in $LIST \"$F\"; do\n if [ $r = failure ]; then exit 1; fi\ndone", "fails"),
        ("for r in $U; do exit 1; done", "unknown"),
        ("R=(\"$A\" \"$B\")\nfor r in \"${R[@]}\"; do [[ $r == failure ]] && exit 1; done; exit 0", "succeeds"),
        ("bad=()\nbad+=(\"$F\")\nif [ ${#bad[@]} -gt 0 ]; then exit 1; fi", "fails"),
        ("declare -A r\nr[a]=$A\nr[b]=$F\nfor k in \"${!r[@]}\"; do [ ${r[$k]} != failure ] || exit 1; done", "fails"),
        ("n=0\nfor r in $LIST; do if [ $r = skipped ]; then n=$((n + 1)); fi; done\n(( n == 0 ))", "fails"),
        ("n=0\n((n++)) || true\n[ $n -eq 1 ]", "succeeds"),
        ("n=0\n((n++))\ntrue", "fails"),
        ("f() { local r=$1; [ \"$r\" = success ] || return 1; }\nf $A && f $B", "fails"),
        ("f() { if [ $1 = failure ]; then echo no; exit 1; fi; }\nf $A\nf $F", "fails"),
        ("if echo \"$ALL\" | grep -qE 'failure|cancelled'; then exit 1; fi", "fails"),
        ("if echo \"$LIST\" | grep -q 'failure\\|cancelled'; then exit 1; fi", "succeeds"),
        ("if grep -q failure <<< \"$U\"; then exit 1; fi", "unknown"),
        ("if echo \"$ALL\" | grep -E 'failure|cancelled' -o > found; then exit 1; fi", "fails"),
        ("if echo \"$LIST\" | grep -E 'failure|cancelled' -o > found; then exit 1; fi", "succeeds"),
        ("[ \"$(echo \"$ALL\" | grep -o fail)\" = fail ]", "unknown"),
        ("echo $ALL | tr ',' '\\n' | grep -v success | grep -qvw skipped", "succeeds"),
        ("while read -r r; do [ $r != failure ] || exit 1; done <<< \"${ALL/,/ }\"", "unknown"),
        ("IFS=',' read -ra all <<< \"$ALL\"\nfor r in \"${all[@]}\"; do [ $r != failure ] || exit 1; done", "fails"),
        ("r=$(echo \"$A\")\n[ \"${r:-none}\" = success ]", "succeeds"),
        ("echo '### x' >> \"$GITHUB_STEP_SUMMARY\"\n[ \"$A\" = success ]", "succeeds"),
        ("cat <<EOF\nx $A\nEOF\nexit 1", "fails"),
        ("{ echo a; exit 1; } >&2", "fails"),
        ("(exit 1)\ntrue", "fails"),
        ("echo `needs` x", "succeeds"),
        ("echo \"needs: {\n  \"a\": {\n    \"result\": \"success\",\n  }\n}\"", "succeeds"),
        ("for r in {a,b}; do exit 1; done", "unknown"),
        ("if [ x", "unknown"),
        ("while true; do :; done", "unknown"),
    ] {
        assert_eq!(outcome(script), expected, "{script}");
    }
}

#[test]
fn jq_folds_known_results() {
    for (script, expected) in [
        ("echo \"$NEEDS\" | jq -e 'all(.result == \"success\" or .result == \"skipped\")'", "succeeds"),
        ("echo $NEEDS | jq --exit-status 'all(.result == \"success\")'", "fails"),
        ("jq -e '[.[] | .result] | any(. == \"failure\") | not' <<< \"$NEEDS\"", "succeeds"),
        ("jq -e 'to_entries | map(.value.result) | all(. == \"success\")' <<< \"$NEEDS\"", "fails"),
        (
            "x=$(echo \"$NEEDS\" | jq -r 'to_entries[] | select(.value.result != \"success\") | \"\\(.key): \\(.value)\"')
            if [ -n \"$x\" ]; then exit 1; fi",
            "fails",
        ),
        (
            "x=$(echo \"$NEEDS\" | jq -r 'to_entries[] | select(.value.result == \"failure\") | .key')
            if [ -n \"$x\" ]; then exit 1; fi",
            "succeeds",
        ),
        ("n=$(jq '[.[].result | select(. == \"skipped\")] | length' <<< \"$NEEDS\")\nexit $n", "fails"),
        ("jq -e '.a.outputs.x == \"1\"' <<< \"$NEEDS\"", "unknown"),
        ("jq -e '.[] | test(\"x\")' <<< \"$NEEDS\"", "unknown"),
        ("jq . <<< \"$NEEDS\"", "succeeds"),
        ("jq -C <<< \"$NEEDS\"", "succeeds"),
        (
            "\"$(jq -r 'all(.result as $r | ([\"success\", \"skipped\"] | contains([$r])))' <<< \"$NEEDS\")\"",
            "succeeds",
        ),
        ("jq -e 'all(.result as $r | ([\"success\"] | contains([$r])))' <<< \"$NEEDS\"", "fails"),
        ("jq -e 'all(.result | IN(\"success\", \"skipped\"))' <<< \"$NEEDS\"", "succeeds"),
        ("jq -e 'all(.[]; .result == \"success\")' <<< \"$NEEDS\"", "unknown"),
    ] {
        assert_eq!(outcome(script), expected, "{script}");
    }
}

#[test]
fn what_a_script_sets_is_known_where_every_way_sets_it() {
    use crate::workflow::value::Value;
    let text = |value: &str| Value::Text(value.to_owned());
    for (script, expected) in [
        ("echo a=1 >> $GITHUB_OUTPUT", text("1")),
        ("echo a=1 >> ${GITHUB_OUTPUT}\necho 'a=x=y' >> \"$GITHUB_OUTPUT\"", text("x=y")),
        ("echo a=1 > x; echo b=2 >> $GITHUB_OUTPUT; echo A=3 >> $GITHUB_ENV", Value::Null),
        ("{ echo b=1; echo \"a=$A\"; } >> $GITHUB_OUTPUT", text("success")),
        ("cat <<E >> $GITHUB_OUTPUT\na=$A\nE", text("success")),
        ("if [ $U = x ]; then echo a=1 >> $GITHUB_OUTPUT; else echo a=1 >> $GITHUB_OUTPUT; fi", text("1")),
        ("if [ $U = x ]; then echo a=1 >> $GITHUB_OUTPUT; fi", Value::Unknown),
        ("if [ $U = x ]; then echo a=1 >> $GITHUB_OUTPUT; exit; fi\necho a=2 >> $GITHUB_OUTPUT", Value::Unknown),
        ("if [ $U = x ]; then echo a=1 >> $GITHUB_OUTPUT; exit 1; fi\necho a=2 >> $GITHUB_OUTPUT", text("2")),
        ("(echo a=1 >> $GITHUB_OUTPUT) || true", text("1")),
        ("echo a=1 | tee -a $GITHUB_OUTPUT", text("1")),
        ("echo a=$U >> $GITHUB_OUTPUT", Value::Unknown),
        ("echo $U=1 >> $GITHUB_OUTPUT", Value::Unknown),
        ("./make-outputs", Value::Unknown),
        ("./tell\necho a=1 >> $GITHUB_OUTPUT", text("1")),
        ("./print >> $GITHUB_OUTPUT", Value::Unknown),
        ("echo a=1 >> $GITHUB_OUTPUT\n./print >> $GITHUB_OUTPUT", Value::Unknown),
        ("echo A=1 >> $GITHUB_OUTPUT; echo a=2 >> $GITHUB_OUTPUT", text("2")),
        ("echo a=1 >> $GITHUB_OUTPUT; echo b=2 > $GITHUB_OUTPUT", Value::Null),
        ("echo a=1 >> $GITHUB_OUTPUT; echo b=2 | tee $GITHUB_OUTPUT", Value::Null),
        ("echo a=1 >> $GITHUB_OUTPUT; sed -i s/1/2/ $GITHUB_OUTPUT", Value::Unknown),
        ("echo -n b=2 >> $GITHUB_OUTPUT; echo a=1 >> $GITHUB_OUTPUT", Value::Unknown),
        ("echo a=1 3>> $GITHUB_OUTPUT", Value::Unknown),
        ("echo '::set-output name=a::1'", text("1")),
        ("[ -z $U ] || echo '::set-output name=a::1'", Value::Unknown),
        ("( if [ -n \"$U\" ]; then echo a=1 >> $GITHUB_OUTPUT; exit 0; fi; echo no )", Value::Unknown),
        ("env X=1 ./labels", Value::Unknown),
        ("echo a=1 >> ${U:-$GITHUB_OUTPUT}", Value::Unknown),
        ("allow() { echo a=1; } >> $GITHUB_OUTPUT\n[ -z $U ] || allow", Value::Unknown),
        ("f() { local s=2; echo $1; }\ns=1\nf x\necho a=$s >> $GITHUB_OUTPUT", text("1")),
        ("set +e\nf() { return 2; }\nf\necho a=$? >> $GITHUB_OUTPUT", text("2")),
        ("set +e\nfalse\nfor i in 1; do echo a=$? >> $GITHUB_OUTPUT; done", text("1")),
        ("x=; echo a=${x-2} >> $GITHUB_OUTPUT", text("")),
        ("if (( 010 == 10 )); then echo a=1 >> $GITHUB_OUTPUT; fi", Value::Unknown),
        ("if [[ v12 =~ ^v\\d+$ ]]; then echo a=1 >> $GITHUB_OUTPUT; fi", Value::Unknown),
        ("if printenv NOPE; then echo a=1 >> $GITHUB_OUTPUT; fi", Value::Unknown),
        ("cat <<E >> $GITHUB_OUTPUT\na=`date`\nE", Value::Unknown),
        ("{ echo 'b<<E'; ls; echo E; echo a=1; } >> $GITHUB_OUTPUT", Value::Unknown),
        (
            "x=aaaaaaaa\nfor i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do x=$x$x; done\necho a=$x >> $GITHUB_OUTPUT",
            Value::Unknown,
        ),
    ] {
        let env = [("A", "success".to_owned()), ("U", HOLE.to_string())];
        assert_eq!(Played::default().play(script, &env, true, false).sets.output("a"), expected, "{script}");
    }
}

#[test]
fn odd_scripts_are_no_danger() {
    let deep = format!("{}true{}", "if true; then ".repeat(200), "; fi".repeat(200));
    assert_eq!(outcome(&deep), "unknown");
    assert_eq!(outcome(&format!("x{}", "$(x".repeat(300))), "unknown");
    for script in
        ["", "${}", "x='", "\"", "$", "read", "[ ]", "[[ ]]", "test", "((", "echo ${x", "echo ${#}", "jq", "grep"]
    {
        outcome(script);
        outcome(&format!("{script}\n"));
        outcome(&format!("{script})\n}}"));
    }
}
