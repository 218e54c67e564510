//! The seam between who has something to ask outside and who carries it there.

use async_trait::async_trait;

use crate::{Answer, CallError, Egress, Request};

/// Carries a request outside and brings back the answer: the client, or a simulated outside in its place.
#[async_trait]
pub trait Caller: Send + Sync {
    /// Connects and sends.
    async fn call(&self, request: Request) -> Result<Answer, CallError>;
}

#[async_trait]
impl Caller for Egress {
    async fn call(&self, request: Request) -> Result<Answer, CallError> {
        Egress::call(self, request).await
    }
}
