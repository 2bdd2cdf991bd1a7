//! Whatever the text, taking it in ends.

use proptest::prelude::*;
use wf_fix::rule::parse;
use wf_fix::workflow::condition::truth;
use wf_fix::yaml::{Document, Query};

proptest! {
    #![proptest_config(super::config(400))]

    #[test]
    fn no_text_makes_the_intake_panic(text in "(?s).{0,200}") {
        let _ = Document::parse("w", text.as_bytes());
    }

    #[test]
    fn no_yaml_like_text_makes_the_intake_panic(text in "([a-z]{1,3}(: |:\n|\n|- | |  |\\||>|\\+|#|'|\"|\\[|\\]|\\{|\\}|,|&a|\\*a|\\? |é|\t|\r\n)){0,40}") {
        let _ = Document::parse("w", text.as_bytes());
    }

    #[test]
    fn no_text_makes_a_rule_file_panic(text in "(id|title|rewrites|at|workflow|x)(: |:\n  - |\n|\\$\\.|\\[|'){0,30}") {
        let _ = parse("r", text.as_bytes());
    }

    #[test]
    fn no_text_makes_a_query_or_a_condition_panic(text in "(\\$|@|\\.|\\.\\.|\\[|\\]|\\(|\\)|\\?|'|\"|\\\\|,|match|search|a|é|==|&&|\\|\\||!|\\$\\{\\{|\\}\\}| |0){0,40}") {
        let _ = (Query::parse(&text), truth(&text));
    }
}
