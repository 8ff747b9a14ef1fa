//! The written cases as walks through the one machine.

use super::{Happened, Happened as H, Stage};

fn check(name: &str, walk: &[(Happened, &str)]) {
    let mut stage = Stage::Intake;
    for (n, (happened, expect)) in walk.iter().enumerate() {
        stage = stage.after(*happened).expect("a legal step");
        assert_eq!(stage.as_str(), *expect, "{name}: step {} {happened:?}", n + 1);
    }
}

#[test]
fn walkthroughs() {
    check(
        "stained coat",
        &[
            (H::Checking, "diagnosis"),
            (H::Diagnosed, "negotiation"),
            (H::Offered, "negotiation"),
            (H::WorkStarted, "execution"),
            (H::WorkDone, "confirmation"),
            (H::Closed, "closed"),
            (H::Reopened, "negotiation"),
        ],
    );
    check("fast lane", &[(H::WorkStarted, "execution"), (H::WorkDone, "confirmation"), (H::Closed, "closed")]);
    check(
        "refund refused by the platform, then another way",
        &[(H::WorkStarted, "execution"), (H::WorkFailed, "negotiation"), (H::Offered, "negotiation"), (H::WorkStarted, "execution")],
    );
    check(
        "a second remedy while the first is under way",
        &[
            (H::WorkStarted, "execution"),
            (H::Offered, "execution"),
            (H::Diagnosed, "execution"),
            (H::WorkDone, "confirmation"),
            (H::Objected, "negotiation"),
        ],
    );
}
