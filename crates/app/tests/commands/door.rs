//! The door: the second factor, sessions, and roles of the shop's own.

use crate::desk::{PASSWORD, World, on_both, refused};
use aftercare_app::Context;
use aftercare_app::access::factor::{BeginFactor, GiveFactor};
use aftercare_app::access::login::Arrival;
use aftercare_app::access::role::{GiveRole, KeepRole};
use aftercare_app::access::staff::NewStaff;
use aftercare_app::access::token::NewToken;
use aftercare_app::command::Changed;
use aftercare_app::shop::NewShop;
use aftercare_domain::people::Role;
use aftercare_domain::people::factor::step;
use aftercare_domain::time::{Micros, Span};
use aftercare_store::{DbError, values, vault};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};

/// What an authenticator does with the secret that was typed in.
struct Phone(Vec<u8>);

impl Phone {
    fn of(secret: &str) -> Self {
        const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let (mut bytes, mut held, mut bits) = (vec![], 0u32, 0);
        for letter in secret.chars() {
            held = held << 5 | ALPHABET.find(letter).expect("a letter of base 32") as u32;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push((held >> bits) as u8);
                held &= (1 << bits) - 1;
            }
        }
        Self(bytes)
    }

    fn code(&self, at: Micros) -> String {
        format!("{:06}", vault::hotp(&self.0, step(at)))
    }
}

fn code(code: impl Into<String>) -> GiveFactor {
    GiveFactor { code: code.into() }
}

impl World {
    async fn arrive(&self, name: &str, code: Option<&str>) -> Result<(Context, String), aftercare_app::Error> {
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let who =
            Arrival { name: name.into(), password: PASSWORD.into(), code: code.map(str::to_owned), from, device: "Chrome · Linux".into() };
        let signed_in = self.desk.sign_in_from(who).await?;
        let actor = self.desk.signed_in(&signed_in.secret).await?;
        Ok((self.desk.context(actor), signed_in.secret))
    }

    async fn sleep(&self, span: Span) {
        let to = self.desk.clock.now() + span;
        self.desk.run_due_timers(to).await.expect("timers");
    }

    /// Sets the second factor up for whoever this is; answers the phone and the recovery codes.
    async fn factor_for(&self, context: &Context, session: Option<&str>) -> (Phone, Vec<String>) {
        let context = self.now(context);
        let new = self.desk.begin_factor(&context, BeginFactor { password: PASSWORD.into() }).await.expect("begun");
        let phone = Phone::of(&new.secret);
        let codes = self.desk.confirm_factor(&context, session, code(phone.code(context.now))).await.expect("confirmed").codes;
        (phone, codes)
    }

    async fn audited(&self, action: &'static str) -> i64 {
        let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM audit WHERE action = $1 LIMIT 100) AS some_rows";
        let counted = self.desk.store.read(move |tx| tx.query_opt(sql, &values![action], |row| row.get::<i64>(0)));
        counted.await.map_err(|error: DbError| error).expect("a count").unwrap_or(0)
    }

    async fn demand(&self, owner: &Context, demand: Value) {
        let Value::Object(parts) = json!({ "second_factor": demand }) else { unreachable!() };
        self.desk.set_shop_settings(&self.now(owner), self.shop, parts).await.expect("set");
    }
}

#[test]
fn a_code_signs_in_once_and_then_never_again() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let begun = world.desk.begin_factor(&agent, BeginFactor { password: "not the password".into() }).await;
        assert_eq!(refused(begun.map(|_| ())), "wrong_password");
        let (phone, codes) = world.factor_for(&agent, None).await;
        assert_eq!((codes.len(), world.audited("factor_on").await), (10, 1));
        let again = world.desk.begin_factor(&agent, BeginFactor { password: PASSWORD.into() }).await;
        assert_eq!(refused(again.map(|_| ())), "factor_there");

        assert_eq!(refused(world.arrive("agent", None).await.map(|_| ())), "factor_needed");
        let now = world.desk.clock.now();
        let used = phone.code(now);
        assert_eq!(refused(world.arrive("agent", Some(&used)).await.map(|_| ())), "factor_wrong", "it was used to confirm");
        world.sleep(Span::seconds(60)).await;
        let fresh = phone.code(world.desk.clock.now());
        let (context, _) = world.arrive("agent", Some(&fresh)).await.expect("in");
        assert_eq!(context.actor.factor_at, Some(world.desk.clock.now()));
        assert_eq!(refused(world.arrive("agent", Some(&fresh)).await.map(|_| ())), "factor_wrong");
        assert_eq!(refused(world.desk.give_factor(&context, None, code(fresh)).await), "bad_input", "a program gives none");

        let (one, two) = (codes[0].to_uppercase(), codes[1].replace('-', " "));
        assert!(world.arrive("agent", Some(&one)).await.is_ok());
        assert_eq!(refused(world.arrive("agent", Some(&one)).await.map(|_| ())), "factor_wrong");
        assert!(world.arrive("agent", Some(&two)).await.is_ok());
        assert_eq!(world.desk.factor(&context).await.expect("told").recovery_left, 8);
    });
}

#[test]
fn of_many_at_once_one_comes_in_with_a_code() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let (phone, _) = world.factor_for(&agent, None).await;
        world.sleep(Span::seconds(60)).await;
        let given = phone.code(world.desk.clock.now());
        let all: Vec<_> = (0..4)
            .map(|_| {
                let (world, given) = (world.clone(), given.clone());
                tokio::spawn(async move { world.arrive("agent", Some(&given)).await.is_ok() })
            })
            .collect();
        let mut came_in = 0;
        for one in all {
            came_in += usize::from(one.await.expect("ran"));
        }
        assert_eq!(came_in, 1);
    });
}

#[test]
fn guessing_codes_is_counted_and_slowed_down_and_reads_nothing() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let (phone, codes) = world.factor_for(&agent, None).await;
        world.sleep(Span::seconds(60)).await;
        let mut answers = vec![];
        for guess in 0..8 {
            answers.push(refused(world.arrive("agent", Some(&format!("{guess:05}x"))).await.map(|_| ())));
        }
        assert!(answers.contains(&"too_many_tries"), "{answers:?}");
        let right = phone.code(world.desk.clock.now());
        assert_eq!(refused(world.arrive("agent", Some(&right)).await.map(|_| ())), "too_many_tries");
        world.sleep(Span::minutes(16)).await;
        let right = phone.code(world.desk.clock.now());
        assert!(world.arrive("agent", Some(&right)).await.is_ok(), "nobody is shut out for good");
        let sql = "SELECT secret_sealed FROM second_factor WHERE staff_id = $1";
        let id = agent.actor.id();
        let kept = world.desk.store.read(move |tx| tx.query_opt(sql, &values![id], |row| row.get::<Vec<u8>>(0))).await;
        let kept = kept.map_err(|error: DbError| error).expect("read").expect("a row");
        assert!(!kept.windows(20).any(|part| part == phone.0), "the secret is sealed");
        let sql = "SELECT code_hash FROM recovery_code WHERE staff_id = $1";
        let hashes = world.desk.store.read(move |tx| tx.query(sql, &values![id], |row| row.get::<Vec<u8>>(0))).await;
        let hashes: Vec<Vec<u8>> = hashes.map_err(|error: DbError| error).expect("read");
        let bare = vault::sha256(codes[0].replace('-', "").as_bytes()).to_vec();
        assert!(hashes.len() == 10 && !hashes.contains(&bare), "a copy of the data alone cannot be searched through");
    });
}

#[test]
fn whom_a_shop_demands_it_of_does_nothing_before_and_cannot_turn_it_off() {
    on_both(|world: World| async move {
        let (owner, _agent) = (world.staff("owner").await, world.staff("agent").await);
        world.demand(&owner, json!({ "roles": ["agent"] })).await;
        let (context, secret) = world.arrive("agent", None).await.expect("in");
        let me = world.desk.me(&context).await.expect("oneself");
        assert!(me.may.is_empty() && me.factor.demanded && !me.factor.on);
        assert_eq!(refused(world.desk.colleagues(&context).await.map(|_| ())), "not_allowed");
        let (phone, _) = world.factor_for(&context, Some(&secret)).await;
        let after = world.desk.signed_in(&secret).await.expect("still in");
        assert!(after.who.only.is_none() && after.factor_at.is_some(), "the open session goes on");
        let context = world.desk.context(after);
        world.sleep(Span::seconds(60)).await;
        let context = world.now(&context);
        let off = world.desk.end_factor(&context, code(phone.code(context.now))).await;
        assert_eq!(refused(off), "factor_demanded");
        world.demand(&owner, json!({ "roles": [] })).await;
        assert!(world.desk.end_factor(&context, code(phone.code(context.now))).await.is_ok());
        assert!(world.arrive("agent", None).await.is_ok());
    });
}

#[test]
fn a_lost_phone_is_reset_by_another_and_it_is_on_record() {
    on_both(|world: World| async move {
        let (owner, admin) = (world.staff("owner").await, world.staff("admin").await);
        let agent = world.staff("agent").await;
        world.factor_for(&agent, None).await;
        world.factor_for(&owner, None).await;
        assert_eq!(refused(world.desk.reset_factor(&agent, "agent").await), "not_allowed");
        assert_eq!(refused(world.desk.reset_factor(&admin, "owner").await), "role_fixed");
        assert_eq!(refused(world.desk.reset_factor(&owner, "owner").await), "role_fixed");
        world.desk.reset_factor(&owner, "agent").await.expect("reset");
        assert_eq!(world.audited("factor_reset").await, 1);
        assert!(world.arrive("agent", None).await.is_ok());
        assert_eq!(refused(world.arrive("owner", None).await.map(|_| ())), "factor_needed");
    });
}

#[test]
fn above_the_amount_a_yes_needs_the_factor_afresh() {
    on_both(|world: World| async move {
        let (owner, agent, lead) = (world.staff("owner").await, world.staff("agent").await, world.staff("lead").await);
        world.demand(&owner, json!({ "step_up_above_minor": 10_000, "step_up_within_min": 5 })).await;
        let ask = async |order: &str, amount: i64| {
            let opened: Changed = world.complaint(&agent, order).await;
            let at = world.at(&opened);
            let input = json!({ "subject": "payout", "means": "small_payment", "amount_minor": amount, "note": "" });
            let asked = world.desk.ask_approval(&agent, at, serde_json::from_value(input).expect("a request")).await.expect("asked");
            let id: aftercare_domain::id::Id = serde_json::from_value(asked.result["approval_id"].clone()).expect("an id");
            (at, id)
        };
        let yes = async |who: &Context, (at, id)| {
            let input = serde_json::from_value(json!({ "note": "" })).expect("a yes");
            world.desk.approve(&world.now(who), at, id, input).await.map(|_| ())
        };
        let (small, large, other) = (ask("A1", 9_000).await, ask("A2", 20_000).await, ask("A3", 20_000).await);
        assert!(yes(&lead, small).await.is_ok());
        assert_eq!(refused(yes(&lead, large).await), "factor_missing");
        let (context, secret) = world.arrive("lead", None).await.expect("in");
        let (phone, _) = world.factor_for(&context, Some(&secret)).await;
        let fresh = async || world.desk.context(world.desk.signed_in(&secret).await.expect("in"));
        assert!(yes(&fresh().await, large).await.is_ok(), "it was given just now");
        world.sleep(Span::minutes(6)).await;
        assert_eq!(refused(yes(&fresh().await, other).await), "step_up_needed");
        let now = fresh().await;
        assert_eq!(refused(world.desk.give_factor(&now, Some(&secret), code("000000")).await), "factor_wrong");
        world.desk.give_factor(&now, Some(&secret), code(phone.code(now.now))).await.expect("given");
        assert!(yes(&fresh().await, other).await.is_ok());
    });
}

#[test]
fn sessions_are_listed_and_ended_one_by_one_and_all_at_once() {
    on_both(|world: World| async move {
        world.staff("agent").await;
        world.staff("lead").await;
        let (context, mine) = world.arrive("agent", None).await.expect("in");
        let (_, phone) = world.arrive("agent", None).await.expect("in");
        let (_, other) = world.arrive("lead", None).await.expect("in");
        let list = world.desk.sessions(&context, Some(&mine)).await.expect("listed");
        assert_eq!((list.len(), list.iter().filter(|it| it.current).count()), (3, 1));
        assert!(list.iter().any(|it| it.device == "Chrome · Linux"));
        let of_lead = vault::hex(&vault::sha256(other.as_bytes())[..8]);
        assert_eq!(refused(world.desk.end_session(&context, &of_lead).await), "not_found");
        let of_phone = vault::hex(&vault::sha256(phone.as_bytes())[..8]);
        world.desk.end_session(&context, &of_phone).await.expect("ended");
        assert!(world.desk.signed_in(&phone).await.is_err() && world.desk.signed_in(&mine).await.is_ok());
        world.desk.end_all_sessions(&context).await.expect("ended");
        assert!(world.desk.signed_in(&mine).await.is_err() && world.desk.signed_in(&other).await.is_ok());
    });
}

fn trainee(actions: &[&str], reveals: &[&str]) -> KeepRole {
    let limits = json!([{ "kind": "refund", "per_case_minor": 1_000, "per_day_minor": 5_000 }]);
    let input =
        json!({ "name": "实习客服", "base": "agent", "actions": actions, "reveals": reveals, "sees_costs": false, "limits": limits });
    serde_json::from_value(input).expect("a role")
}

#[test]
fn a_role_of_the_shops_own_narrows_at_once_in_open_sessions() {
    on_both(|world: World| async move {
        let (owner, admin) = (world.staff("owner").await, world.staff("admin").await);
        let agent = world.staff("agent").await;
        let opened = world.complaint(&agent, "A1").await;
        let at = world.at(&opened);
        let (_, secret) = world.arrive("agent", None).await.expect("in");
        let me = async || world.desk.context(world.desk.signed_in(&secret).await.expect("in"));

        assert_eq!(refused(world.desk.add_role(&admin, trainee(&["read_case", "contact"], &[])).await), "role_gives_more");
        assert_eq!(refused(world.desk.add_role(&owner, trainee(&["manage_users"], &[])).await), "role_gives_more");
        assert_eq!(refused(world.desk.add_role(&agent, trainee(&["read_case"], &[])).await), "not_allowed");
        let id = world.desk.add_role(&owner, trainee(&["read_queue", "read_case", "contact", "reveal"], &["name"])).await.expect("made");
        assert_eq!(refused(world.desk.add_role(&owner, trainee(&["read_case"], &[])).await), "bad_input");

        let give = |custom_role| GiveRole { role: None, custom_role };
        world.desk.give_role(&owner, "agent", give(Some(id))).await.expect("given");
        let now = me().await;
        assert_eq!(world.desk.me(&now).await.expect("oneself").may, ["read_queue", "read_case", "contact", "reveal"]);
        let refund =
            world.desk.classify(&world.seeing(&now, 1), at, serde_json::from_value(json!({ "severity": 3 })).expect("input")).await;
        assert_eq!(refused(refund.map(|_| ())), "not_allowed");

        let page = world.desk.case_view(&now, at).await.expect("the page");
        let buyer: aftercare_domain::id::Id = serde_json::from_value(page["buyer"]["id"].clone()).expect("an id");
        let look = async |who: &Context, field: &str, key: &str| {
            let input = json!({ "field": field, "reason": "核对", "case_id": at.id });
            let input = serde_json::from_value(input).expect("input");
            world.desk.reveal(&world.with_key(who, key), world.shop, buyer, input).await.map(|it| it.value)
        };
        assert_eq!(look(&now, "name", "k1").await.expect("shown"), "王小明");
        assert_eq!(refused(look(&now, "phone", "k2").await), "not_allowed");
        assert_eq!(now.actor.who.limits(Default::default()).limits[0].per_case_minor, 1_000);

        let wider = KeepRole { version: Some(1), ..trainee(&["read_queue", "read_case", "reveal"], &["name", "phone"]) };
        world.desk.keep_role(&owner, id, wider.clone()).await.expect("kept");
        let now = me().await;
        assert!(look(&now, "phone", "k3").await.is_ok());
        assert_eq!(world.desk.me(&now).await.expect("oneself").may, ["read_queue", "read_case", "reveal"]);
        assert_eq!(refused(world.desk.keep_role(&owner, id, wider).await), "role_moved");

        assert_eq!(refused(world.desk.remove_role(&owner, id).await), "role_in_use");
        let back = GiveRole { role: Some("agent".into()), custom_role: None };
        world.desk.give_role(&owner, "agent", back).await.expect("given");
        assert!(me().await.actor.who.custom.is_none());
        world.desk.remove_role(&owner, id).await.expect("removed");
        assert_eq!((world.audited("role_added").await, world.audited("role_changed").await, world.audited("role_given").await), (1, 1, 2));
    });
}

#[test]
fn nobody_locks_an_owner_out_or_raises_themselves() {
    on_both(|world: World| async move {
        let (owner, admin) = (world.staff("owner").await, world.staff("admin").await);
        let to = |role: &str| GiveRole { role: Some(role.into()), custom_role: None };
        assert_eq!(refused(world.desk.give_role(&owner, "owner", to("agent")).await), "role_fixed");
        assert_eq!(refused(world.desk.give_role(&admin, "owner", to("agent")).await), "role_fixed");
        assert_eq!(refused(world.desk.give_role(&admin, "admin", to("supervisor")).await), "role_fixed");
        assert_eq!(refused(world.desk.disable_staff(&admin, "owner").await), "role_fixed");
        world.staff("agent").await;
        assert_eq!(refused(world.desk.give_role(&admin, "agent", to("owner")).await), "role_fixed");
        assert!(world.desk.give_role(&admin, "agent", to("senior")).await.is_ok());

        let helper =
            json!({ "name": "人事", "base": "admin", "actions": ["read_queue", "manage_users"], "reveals": [], "sees_costs": true });
        let id = world.desk.add_role(&owner, serde_json::from_value(helper).expect("a role")).await.expect("made");
        world.desk.give_role(&owner, "admin", GiveRole { role: None, custom_role: Some(id) }).await.expect("given");
        let (narrowed, _) = world.arrive("admin", None).await.expect("in");
        assert_eq!(refused(world.desk.give_role(&narrowed, "agent", to("supervisor")).await), "role_gives_more");
    });
}

#[test]
fn nobody_gets_at_more_by_a_token_or_by_a_person_they_add() {
    on_both(|world: World| async move {
        let (owner, admin) = (world.staff("owner").await, world.staff("admin").await);
        world.staff("agent").await;
        let token = |staff: &str| NewToken { staff: staff.into(), label: "程序".into(), scopes: vec!["read_queue".into()], lasts: None };
        assert_eq!(refused(world.desk.issue_token(&admin, token("owner")).await), "role_fixed");
        assert!(
            world.desk.issue_token(&admin, token("agent")).await.is_ok() && world.desk.issue_token(&owner, token("owner")).await.is_ok()
        );

        let shop = |code: &str| NewShop { code: code.into(), title: "二店".into(), platform: String::new() };
        let other = world.desk.open_shop(&owner, shop("second")).await.expect("opened");
        let hire = |name: &str, shops| NewStaff {
            name: name.into(),
            display_name: name.into(),
            agent_no: String::new(),
            role: Role::Supervisor,
            password: Some(PASSWORD.into()),
            shops,
        };
        assert_eq!(refused(world.desk.hire(&admin, hire("spy", vec![other])).await), "not_found");
        world.desk.hire(&admin, hire("boss", vec![])).await.expect("hired");
        let (boss, _) = world.arrive("boss", None).await.expect("in");
        assert!(boss.actor.sees(world.shop) && !boss.actor.sees(other), "no shop that whoever hired them does not see");

        let scopes = ["read_queue", "manage_tokens"];
        let helper = json!({ "name": "接口员", "base": "admin", "actions": scopes, "reveals": [], "sees_costs": true });
        let id = world.desk.add_role(&owner, serde_json::from_value(helper).expect("a role")).await.expect("made");
        world.desk.give_role(&owner, "admin", GiveRole { role: None, custom_role: Some(id) }).await.expect("given");
        let (narrowed, _) = world.arrive("admin", None).await.expect("in");
        assert_eq!(refused(world.desk.issue_token(&narrowed, token("boss")).await), "role_gives_more");
        assert!(world.desk.issue_token(&narrowed, token("admin")).await.is_ok(), "their own, which is narrowed alike");
    });
}

#[test]
fn the_password_is_not_found_out_by_trying_in_an_open_session() {
    on_both(|world: World| async move {
        let agent = world.staff("agent").await;
        let change = async |present: &str| world.desk.change_password(&world.now(&agent), present, "another good password").await;
        for _ in 0..5 {
            assert_eq!(refused(change("not the password").await), "wrong_password");
        }
        assert_eq!(refused(change(PASSWORD).await), "too_many_tries");
        world.sleep(Span::minutes(1)).await;
        change(PASSWORD).await.expect("changed");
    });
}
