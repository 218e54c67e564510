//! A real Vendure shop with our plugin, installed from its npm package as a merchant would.
//!
//! It sells tea from a database of its own in the shared PostgreSQL cluster, so that it can be killed like any other
//! process and started again. Customers and staff do everything through Vendure's own GraphQL.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::app::{Response, http};
use crate::npm::{node_modules, run, shop_folder};
use crate::postgres::Cluster;
use crate::process::{self, Folder};

/// Longer than any start that succeeds, on a machine that does other things meanwhile.
const STARTING: Duration = Duration::from_secs(300);
/// The key with which the shop lets its changed orders be read.
pub const API_KEY: &str = "a key that is only good for stories";

/// A running shop.
pub struct Shop {
    folder: Folder,
    port: u16,
    server: Mutex<Option<Child>>,
    aftercare: (String, String),
}

impl Shop {
    /// Opens a new shop that tells its orders to `webhook_url`, signed with `secret`.
    pub fn open(webhook_url: &str, secret: &str) -> Shop {
        let shop = Shop {
            folder: Folder::fresh("shop").expect("a folder can be made"),
            port: process::free_port(),
            server: Mutex::default(),
            aftercare: (webhook_url.to_owned(), secret.to_owned()),
        };
        shop.install();
        shop.start(&["--new"]);
        shop
    }

    /// Ends it as a power cut would, and waits until it is gone.
    pub fn kill9(&self) {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut server) = server {
            // It may have ended by itself; then waiting is all that is left to do.
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Starts it again on the same data.
    pub fn restart(&self) {
        self.kill9();
        self.start(&[]);
    }

    /// A customer who shops in this language.
    pub fn customer(&self, language: &str) -> Session<'_> {
        Session { shop: self, path: format!("/shop-api?languageCode={language}"), token: None }
    }

    /// Somebody who works there.
    pub fn staff(&self) -> Session<'_> {
        let mut staff = Session { shop: self, path: "/admin-api".to_owned(), token: None };
        staff.ask(
            "mutation { login(username: \"superadmin\", password: \"superadmin\") { __typename } }",
            json!({}),
        );
        staff
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks the plugin for changed orders.
    pub fn changed_orders(&self, key: &str, query: &str) -> Response {
        let bearer = format!("Bearer {key}");
        let path = format!("/aftercare/orders{query}");
        let answer = http::request(self.port, "GET", &path, &[("Authorization", &bearer)], b"");
        answer.unwrap_or_else(|error| panic!("{path}: {error}\n{}", self.logs()))
    }

    /// Everything it has printed so far.
    pub fn logs(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn install(&self) {
        for file in ["server.js", "shop.json", "products.csv"] {
            fs::copy(shop_folder().join(file), self.folder.join(file)).expect("the folder can be written");
        }
        let packages = self.folder.join("node_modules");
        fs::create_dir_all(packages.join("@aftercare")).expect("the folder can be written");
        for name in ["@vendure", "pg"] {
            symlink(node_modules().join(name), packages.join(name)).expect("the folder can be written");
        }
        unpack_plugin(self.folder.path(), &packages.join("@aftercare/vendure-plugin"));
    }

    fn start(&self, arguments: &[&str]) {
        let log = OpenOptions::new().create(true).append(true).open(self.folder.join("log"));
        let log = log.expect("the folder can be written");
        let mut command = process::mortal("node");
        command.arg("server.js").args(arguments).current_dir(self.folder.path());
        let name = self.folder.path().file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let environment = [
            ("SHOP_PORT", self.port.to_string()),
            ("SHOP_PGPORT", Cluster::shared().port().to_string()),
            ("SHOP_DATABASE", name.replace('-', "_")),
            ("AFTERCARE_URL", self.aftercare.0.clone()),
            ("AFTERCARE_SECRET", self.aftercare.1.clone()),
            ("AFTERCARE_KEY", API_KEY.to_owned()),
            ("VENDURE_DISABLE_TELEMETRY", "true".to_owned()),
        ];
        command.envs(environment).stdin(Stdio::null());
        let before = self.logs().matches("READY").count();
        let log_too = log.try_clone().expect("the log can be opened twice");
        let server = process::spawn({
            command.stdout(log).stderr(log_too);
            command
        });
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server.expect("node can be run"));
        let is_up = || (self.logs().matches("READY").count() > before).then_some(true);
        let ready = process::wait_for(STARTING, || if self.has_ended() { Some(false) } else { is_up() });
        assert!(ready == Some(true), "the shop is not ready:\n{}", self.logs());
    }

    fn has_ended(&self) -> bool {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.as_mut().is_some_and(|server| !matches!(server.try_wait(), Ok(None)))
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.kill9();
    }
}

/// What `npm publish` would publish.
fn unpack_plugin(work: &Path, into: &Path) {
    let source: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../connectors/vendure");
    run(Command::new("npm").args(["pack", "--silent", "--pack-destination"]).arg(work).current_dir(source));
    fs::create_dir_all(into).expect("the folder can be written");
    let files = fs::read_dir(work).expect("the folder can be read").flatten().map(|entry| entry.path());
    let package = files.into_iter().find(|path| path.extension().is_some_and(|end| end == "tgz"));
    let package = package.expect("npm pack makes a package");
    run(Command::new("tar").arg("-xzf").arg(package).args(["--strip-components=1", "-C"]).arg(into));
}

/// Somebody who talks to the shop.
pub struct Session<'a> {
    shop: &'a Shop,
    path: String,
    token: Option<String>,
}

/// An order that was placed.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Vendure's identifier.
    pub id: String,
    /// The number customers know it by.
    pub code: String,
}

impl Session<'_> {
    /// Asks in GraphQL; an error of any kind ends the story.
    pub fn ask(&mut self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let mut headers = vec![("Content-Type", "application/json")];
        headers.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
        let answer = http::request(self.shop.port, "POST", &self.path, &headers, body.as_bytes());
        let answer = answer.unwrap_or_else(|error| panic!("{query}: {error}\n{}", self.shop.logs()));
        if let Some(token) = answer.header("vendure-auth-token") {
            self.token = Some(token.to_owned());
        }
        let said = answer.json();
        let refused = said.to_string().contains("\"errorCode\"");
        assert!(said["errors"].is_null() && !refused, "{query}: {said}\n{}", self.shop.logs());
        said["data"].clone()
    }

    /// Two packets of Darjeeling and a teapot, to be paid by card when they leave: 68.40 €.
    pub fn orders_tea(&mut self, name: (&str, &str), email: &str) -> Placed {
        let goods = self.ask("{ products { items { variants { id sku } } } }", json!({}));
        let products = goods["products"]["items"].as_array().cloned().unwrap_or_default();
        let variants =
            products.iter().flat_map(|product| product["variants"].as_array().into_iter().flatten());
        let by_sku = |sku: &str| {
            variants.clone().find(|variant| variant["sku"] == sku).expect("it is sold")["id"].clone()
        };
        for (sku, quantity) in [("TEA-100", 2), ("POT-1", 1)] {
            let add = "mutation ($id: ID!, $quantity: Int!) { addItemToOrder(productVariantId: $id, quantity: $quantity) { __typename ... on ErrorResult { errorCode } } }";
            self.ask(add, json!({ "id": by_sku(sku), "quantity": quantity }));
        }
        let who = "mutation ($who: CreateCustomerInput!) { setCustomerForOrder(input: $who) { __typename ... on ErrorResult { errorCode } } }";
        self.ask(who, json!({ "who": { "firstName": name.0, "lastName": name.1, "emailAddress": email } }));
        let place = "mutation ($to: CreateAddressInput!) { setOrderShippingAddress(input: $to) { __typename ... on ErrorResult { errorCode } } }";
        self.ask(
            place,
            json!({ "to": {
            "fullName": format!("{} {}", name.0, name.1), "streetLine1": "Hauptstraße 1", "city": "Köln",
            "postalCode": "50667", "countryCode": "DE", "phoneNumber": "+4922155501"
        } }),
        );
        let methods = self.ask("{ eligibleShippingMethods { id } }", json!({}));
        let method = "mutation ($ids: [ID!]!) { setOrderShippingMethod(shippingMethodId: $ids) { __typename ... on ErrorResult { errorCode } } }";
        self.ask(method, json!({ "ids": [methods["eligibleShippingMethods"][0]["id"]] }));
        let pay = "mutation { transitionOrderToState(state: \"ArrangingPayment\") { __typename ... on ErrorResult { errorCode } } }";
        self.ask(pay, json!({}));
        let paid = "mutation { addPaymentToOrder(input: { method: \"card\", metadata: {} }) { __typename ... on Order { id code } ... on ErrorResult { errorCode } } }";
        let order = self.ask(paid, json!({}));
        let text = |name: &str| order["addPaymentToOrder"][name].as_str().unwrap_or_default().to_owned();
        Placed { id: text("id"), code: text("code") }
    }

    /// Takes the money that was reserved.
    pub fn takes_the_money(&mut self, order: &Placed) {
        let payment = self.details(order)["payments"][0]["id"].clone();
        let settle =
            "mutation ($id: ID!) { settlePayment(id: $id) { __typename ... on ErrorResult { errorCode } } }";
        self.ask(settle, json!({ "id": payment }));
    }

    /// Sends everything in one parcel; its identifier.
    pub fn sends_it(&mut self, order: &Placed) -> Value {
        let lines = self.details(order)["lines"].as_array().cloned().unwrap_or_default();
        let lines: Vec<Value> = lines
            .iter()
            .map(|line| json!({ "orderLineId": line["id"], "quantity": line["quantity"] }))
            .collect();
        let pack = "mutation ($input: FulfillOrderInput!) { addFulfillmentToOrder(input: $input) { __typename ... on Fulfillment { id } ... on ErrorResult { errorCode } } }";
        let arguments = json!([{ "name": "method", "value": "Post" }, { "name": "trackingCode", "value": "JJD000390007882" }]);
        let input =
            json!({ "lines": lines, "handler": { "code": "manual-fulfillment", "arguments": arguments } });
        let parcel = self.ask(pack, json!({ "input": input }))["addFulfillmentToOrder"]["id"].clone();
        self.moves(&parcel, "Shipped");
        parcel
    }

    /// Says that a parcel has arrived.
    pub fn says_it_arrived(&mut self, parcel: &Value) {
        self.moves(parcel, "Delivered");
    }

    fn moves(&mut self, parcel: &Value, state: &str) {
        let go = "mutation ($id: ID!, $state: String!) { transitionFulfillmentToState(id: $id, state: $state) { __typename ... on ErrorResult { errorCode } } }";
        self.ask(go, json!({ "id": parcel, "state": state }));
    }

    /// Gives the price of one packet of tea back.
    pub fn gives_one_packet_back(&mut self, order: &Placed) {
        let details = self.details(order);
        let refund = "mutation ($input: RefundOrderInput!) { refundOrder(input: $input) { __typename ... on Refund { id state } ... on ErrorResult { errorCode } } }";
        let input = json!({
            "lines": [{ "orderLineId": details["lines"][0]["id"], "quantity": 1 }],
            "shipping": 0, "adjustment": 0, "amount": 1200, "paymentId": details["payments"][0]["id"],
        });
        let refund = self.ask(refund, json!({ "input": input }))["refundOrder"].clone();
        if refund["state"] == "Pending" {
            let settle = "mutation ($id: ID!) { settleRefund(input: { id: $id, transactionId: \"t1\" }) { __typename ... on ErrorResult { errorCode } } }";
            self.ask(settle, json!({ "id": refund["id"] }));
        }
    }

    /// Cancels the whole order.
    pub fn cancels(&mut self, order: &Placed) {
        let cancel = "mutation ($id: ID!) { cancelOrder(input: { orderId: $id, cancelShipping: true, reason: \"Sold out\" }) { __typename ... on ErrorResult { errorCode } } }";
        self.ask(cancel, json!({ "id": order.id }));
    }

    /// Writes another e-mail address into the customer's record.
    pub fn corrects_the_address(&mut self, order: &Placed, email: &str) {
        let customer = self.details(order)["customer"]["id"].clone();
        let correct = "mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { __typename ... on ErrorResult { errorCode } } }";
        self.ask(correct, json!({ "input": { "id": customer, "emailAddress": email } }));
    }

    /// Gives up everything that waits to be told, until nothing does.
    pub fn empties_the_queue(&mut self) {
        let waiting = "{ jobs(options: { filter: { queueName: { eq: \"aftercare\" }, isSettled: { eq: false } } }) { items { id } } }";
        let cancel = "mutation ($id: ID!) { cancelJob(jobId: $id) { id } }";
        let emptied = process::wait_for(STARTING, || {
            let jobs = self.ask(waiting, json!({}))["jobs"]["items"].as_array().cloned().unwrap_or_default();
            for job in &jobs {
                self.ask(cancel, json!({ "id": job["id"] }));
            }
            jobs.is_empty().then_some(())
        });
        assert!(emptied.is_some(), "the queue is never empty");
    }

    /// Calls a product something else.
    pub fn renames_the_teapot(&mut self) {
        let products = self.ask("{ products { items { id slug } } }", json!({}))["products"]["items"].clone();
        let products = products.as_array().cloned().unwrap_or_default();
        let teapot = products.iter().find(|product| product["slug"] == "teapot").expect("it is sold");
        let rename = "mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { id } }";
        let name = json!([{ "languageCode": "en", "name": "Porcelain teapot", "slug": "teapot" }]);
        self.ask(rename, json!({ "input": { "id": teapot["id"], "translations": name } }));
    }

    fn details(&mut self, order: &Placed) -> Value {
        let order = self.ask(
            "query ($id: ID!) { order(id: $id) { customer { id } lines { id quantity } payments { id } } }",
            json!({ "id": order.id }),
        )["order"]
            .clone();
        assert!(order.is_object(), "the order is there");
        order
    }
}
