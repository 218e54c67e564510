//! A real Vendure shop.
