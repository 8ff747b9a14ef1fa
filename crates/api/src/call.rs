//! One call as a handler sees it: the desk, the frame of the request, and the thing its address names.
//!
//! Owns finding that thing; nothing outside the actor's shops can be found.

use crate::Api;
use aftercare_app::command::CaseRef;
use aftercare_app::error::not_found;
use aftercare_app::{Context, Desk, Result};
use aftercare_domain::id::{Id, ShopId};
use axum::body::Bytes;
use axum::http::{HeaderMap, Uri};
use std::future::Future;
use std::net::IpAddr;

/// A request on its way to a handler.
pub struct Visit {
    /// What it can reach.
    pub api: Api,
    /// Who, when, key and version. The actor of a public route is nobody.
    pub context: Context,
    /// The parameters of the address, in order.
    pub params: Vec<(String, String)>,
    /// The address.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, within the route's limit.
    pub body: Bytes,
    /// The peer's address; headers of proxies are not believed.
    pub from: IpAddr,
    /// The secret of the cookie, when that is how the caller signed in.
    pub session: Option<String>,
}

impl Visit {
    /// The parameter of this name.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The last parameter of the address.
    pub fn last(&self) -> Option<&str> {
        self.params.last().map(|(_, value)| value.as_str())
    }
}

/// A call of a signed-in actor on `P`.
pub struct Call<P = ()> {
    /// The desk.
    pub desk: Desk,
    /// Who, when, key and version.
    pub context: Context,
    /// What the address names.
    pub at: P,
    /// The rest of the request, for the few that need it.
    pub visit: Visit,
}

/// What an address can name. Found before the handler runs.
pub trait Place: Sized + Send + 'static {
    /// Finds it, or refuses with `not_found`.
    fn find(visit: &Visit) -> impl Future<Output = Result<Self>> + Send;
}

impl Place for () {
    async fn find(_: &Visit) -> Result<Self> {
        Ok(())
    }
}

/// `{shop}`: a shop's code.
impl Place for ShopId {
    async fn find(visit: &Visit) -> Result<Self> {
        let code = visit.param("shop").unwrap_or_default();
        let shop = visit.api.shop(code).await?.filter(|shop| visit.context.actor.sees(*shop));
        shop.ok_or_else(|| not_found("shop"))
    }
}

/// `{shop}` and `{case}`.
impl Place for CaseRef {
    async fn find(visit: &Visit) -> Result<Self> {
        let shop = ShopId::find(visit).await?;
        let id = visit.param("case").and_then(Id::parse).ok_or_else(|| not_found("case"))?;
        Ok(Self { shop, id })
    }
}

/// The last parameter as an id.
impl Place for Id {
    async fn find(visit: &Visit) -> Result<Self> {
        visit.last().and_then(Self::parse).ok_or_else(|| not_found("id"))
    }
}

/// The last parameter as text.
impl Place for String {
    async fn find(visit: &Visit) -> Result<Self> {
        Ok(visit.last().unwrap_or_default().to_owned())
    }
}

/// Something inside a place: `(CaseRef, Id)`, `(ShopId, Id)`, `(ShopId, String)`.
impl<P: Place, I: Place> Place for (P, I) {
    async fn find(visit: &Visit) -> Result<Self> {
        Ok((P::find(visit).await?, I::find(visit).await?))
    }
}

impl<P: Place> Call<P> {
    pub(crate) async fn of(visit: Visit) -> Result<Self> {
        let at = P::find(&visit).await?;
        Ok(Self { desk: visit.api.desk().clone(), context: visit.context.clone(), at, visit })
    }
}

impl Api {
    /// The shop of this code. Only found ones are remembered.
    pub(crate) async fn shop(&self, code: &str) -> Result<Option<ShopId>> {
        let known = self.inner.shops.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(code).copied();
        if known.is_some() {
            return Ok(known);
        }
        let found = self.desk().shop_by_code(code).await?;
        if let Some(shop) = found {
            self.inner.shops.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(code.to_owned(), shop);
        }
        Ok(found)
    }
}
