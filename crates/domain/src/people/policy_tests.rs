//! The matrix as text, and the properties it must have whatever is edited.

use super::*;
use proptest::prelude::*;

const SHOP: ShopId = ShopId(1);

fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

fn actor(role: Role) -> Actor {
    let only = (role == Role::Api).then(|| Action::ALL.iter().copied().collect());
    Actor { id: id(1), role, shops: [SHOP].into(), only, custom: None }
}

fn check(role: Role, action: Action, object: &Object, expect: Result<(), Code>) {
    assert_eq!(may(&actor(role), action, object).map_err(|no| no.code), expect, "{role} {action:?} {object:?}");
}

#[test]
fn matrix() {
    let mut text = format!("{:<20}", "");
    for role in Role::ALL {
        text.push_str(&format!("{:>12}", role.as_str()));
    }
    for action in Action::ALL {
        let row = action.row();
        text.push_str(&format!("\n{:<20}", action.as_str()));
        for role in Role::ALL {
            let cell = match (row.yes.has(*role), row.team.has(*role), row.own.has(*role)) {
                (true, ..) => "yes",
                (_, true, _) => "team",
                (_, _, true) => "own",
                _ => "-",
            };
            text.push_str(&format!("{cell:>12}"));
        }
    }
    insta::assert_snapshot!("role_by_action", text);
}

#[test]
fn another_shop_does_not_exist() {
    for action in Action::ALL {
        check(Role::Owner, *action, &Object::case(ShopId(2), None), Err(Code::NotFound));
    }
}

#[test]
fn nobody_decides_their_own_request() {
    for action in [Action::ApproveOffer, Action::ApproveRefund, Action::ApprovePayout, Action::PublishPlaybook] {
        for role in [Role::Supervisor, Role::Owner] {
            check(role, action, &Object::asked("approval", Some(SHOP), id(1)), Err(Code::OwnApproval));
            check(role, action, &Object::asked("approval", Some(SHOP), id(2)), Ok(()));
        }
    }
    check(Role::Agent, Action::ApproveRefund, &Object::asked("approval", Some(SHOP), id(2)), Err(Code::NotAllowed));
}

#[test]
fn a_team_takes_its_own_tasks() {
    let task = |team| Object::of_team("task", SHOP, team);
    check(Role::Finance, Action::DoneTask, &task(Team::Finance), Ok(()));
    check(Role::Finance, Action::DoneTask, &task(Team::Warehouse), Err(Code::NotAllowed));
    check(Role::Warehouse, Action::KeepPromise, &task(Team::Finance), Err(Code::NotAllowed));
    check(Role::Agent, Action::TakeTask, &task(Team::Technician), Ok(()));
    check(Role::Owner, Action::DoneTask, &task(Team::Quality), Ok(()));
    check(Role::Night, Action::TakeTask, &task(Team::Agent), Err(Code::NotAllowed));
}

#[test]
fn an_agent_passes_on_only_what_is_not_anothers() {
    check(Role::Agent, Action::Assign, &Object::case(SHOP, Some(id(1))), Ok(()));
    check(Role::Agent, Action::Assign, &Object::case(SHOP, None), Ok(()));
    check(Role::Agent, Action::Assign, &Object::case(SHOP, Some(id(2))), Err(Code::NotAllowed));
    check(Role::Lead, Action::Assign, &Object::case(SHOP, Some(id(2))), Ok(()));
}

#[test]
fn the_night_shift_takes_in_and_calms() {
    let night = permissions(&actor(Role::Night));
    for action in ["open_case", "contact", "request", "evidence"] {
        assert!(night.contains(&action), "{action}");
    }
    for action in ["refund", "payout", "offer", "promise", "diagnose", "close", "reveal"] {
        assert!(!night.contains(&action), "{action}");
    }
}

#[test]
fn the_auditor_only_reads() {
    let auditor = permissions(&actor(Role::Auditor));
    assert!(auditor.contains(&"read_audit"));
    for name in auditor {
        assert!(Action::parse(name).is_some_and(Action::is_read), "{name}");
    }
}

#[test]
fn a_program_does_what_its_scopes_name() {
    let mut program = actor(Role::Api);
    program.only = Some([Action::ReadCase, Action::ManageUsers].into());
    let case = Object::case(SHOP, None);
    assert!(may(&program, Action::ReadCase, &case).is_ok());
    assert!(may(&program, Action::Refund, &case).is_err(), "not in its scopes");
    assert!(may(&program, Action::ManageUsers, &Object::desk("user")).is_err(), "no scope widens a role");
    program.only = None;
    assert_eq!(permissions(&program), Vec::<&str>::new());
}

proptest! {
    #[test]
    fn what_is_allowed_is_listed_and_scopes_only_narrow(
        role in 0..Role::ALL.len(), action in 0..Action::ALL.len(), team in prop::option::of(0..Team::ALL.len()), owner in prop::option::of(1..3u8),
        keep in prop::collection::btree_set(0..Action::ALL.len(), 0..10),
    ) {
        let whole = actor(Role::ALL[role]);
        let action = Action::ALL[action];
        let object = Object { team: team.map(|i| Team::ALL[i]), owner: owner.map(id), ..Object::case(SHOP, None) };
        let narrowed = Actor { only: Some(keep.iter().map(|i| Action::ALL[*i]).collect()), ..whole.clone() };
        if may(&whole, action, &object).is_ok() {
            prop_assert!(permissions(&whole).contains(&action.as_str()));
        }
        if may(&narrowed, action, &object).is_ok() {
            prop_assert!(may(&whole, action, &object).is_ok());
        }
    }
}
