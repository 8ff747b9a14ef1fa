//! The OpenAPI 3.1 document, made from the table of routes and the shapes of their bodies and answers. Owns its form, nothing else.

use crate::problem::Problem;
use crate::route::{Access, Route};
use serde_json::{Map, Value, json};
use std::any::type_name;
use utoipa::openapi::path::ParameterIn;
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// What a route says about its shapes.
#[derive(Default)]
pub struct Described {
    schemas: Map<String, Value>,
    parameters: Vec<Value>,
    body: Option<Value>,
    answer: Option<Value>,
}

impl Described {
    /// It takes this query.
    pub fn query<Q: IntoParams>(&mut self) -> &mut Self {
        let given = Q::into_params(|| Some(ParameterIn::Query));
        self.parameters.extend(given.iter().filter_map(|parameter| serde_json::to_value(parameter).ok()));
        self
    }

    /// It takes this body.
    pub fn body<B: ToSchema>(&mut self) -> &mut Self {
        let schema = self.schema::<B>();
        self.body = Some(json!({ "required": true, "content": { "application/json": { "schema": schema } } }));
        self
    }

    /// It answers this.
    pub fn answer<O: ToSchema>(&mut self) {
        let schema = self.schema::<O>();
        self.answer = Some(json!({ "description": "done", "content": { "application/json": { "schema": schema } } }));
    }

    /// It answers something that is not JSON.
    pub fn bytes(&mut self) {
        self.answer = Some(json!({ "description": "done", "content": { "*/*": {} } }));
    }

    /// Named shapes of ours become references, everything else stands in place.
    fn schema<T: ToSchema>(&mut self) -> Value {
        let mut found = Vec::new();
        T::schemas(&mut found);
        let named = type_name::<T>().starts_with("aftercare_") && !type_name::<T>().contains('<');
        if named {
            found.push((T::name().into_owned(), T::schema()));
        }
        self.schemas.extend(found.into_iter().map(|(name, schema)| (name, json!(schema))));
        if named { json!({ "$ref": format!("#/components/schemas/{}", T::name()) }) } else { json!(<T as PartialSchema>::schema()) }
    }
}

/// The document of these routes.
pub fn document(table: &[Route]) -> Value {
    let mut schemas = Map::new();
    let mut paths: Map<String, Value> = Map::new();
    schemas.insert(Problem::name().into_owned(), json!(Problem::schema()));
    for route in table {
        let mut described = Described::default();
        (route.shape)(&mut described);
        schemas.append(&mut described.schemas);
        let path = paths.entry(format!("/api/v1{}", route.path)).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation(route, described);
    }
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Aftercare", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" } },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": crate::signed::COOKIE },
                "token": { "type": "http", "scheme": "bearer" },
            },
        },
    })
}

fn operation(route: &Route, described: Described) -> Value {
    let mut parameters: Vec<Value> = path_names(route.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .chain(described.parameters)
        .collect();
    let mut header = |name: &str, required: bool, about: &str| {
        parameters
            .push(json!({ "name": name, "in": "header", "required": required, "description": about, "schema": { "type": "string" } }));
    };
    if route.keyed {
        header("Idempotency-Key", true, "names the command: a repeat with the same key and body gets the first answer");
        header("If-Match", route.versioned, "the version of the case the caller saw");
    }
    let mut operation = json!({
        "operationId": name(route),
        "tags": [route.noun],
        "summary": route.about,
        "parameters": parameters,
        "responses": {
            "200": described.answer.unwrap_or_else(|| json!({ "description": "done" })),
            "default": { "description": "refused", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } } },
        },
    });
    if let Some(body) = described.body {
        operation["requestBody"] = body;
    }
    match route.access {
        Access::Public => operation["security"] = json!([]),
        Access::Signed => operation["security"] = json!([{ "session": [] }, { "token": [] }]),
        Access::May(action) => {
            operation["security"] = json!([{ "session": [] }, { "token": [] }]);
            operation["x-action"] = json!(action.as_str());
        }
    }
    operation
}

fn path_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// `post_shops_cases_contacts`: method and fixed parts of the address, unique by construction of the table.
fn name(route: &Route) -> String {
    let part = |part: &str| match part.strip_prefix('{') {
        Some(name) => format!("by_{}", name.trim_end_matches('}')),
        None => part.replace('-', "_"),
    };
    let parts: Vec<String> = route.path.split('/').filter(|part| !part.is_empty()).map(part).collect();
    let fixed = parts.join("_").replace("shops_by_shop_", "").replace("cases_by_case", "case");
    format!("{}_{fixed}", route.method.as_str().to_lowercase())
}
