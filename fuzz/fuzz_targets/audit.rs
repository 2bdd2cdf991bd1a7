#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| wf_fix_fuzz::audit::run(data));
