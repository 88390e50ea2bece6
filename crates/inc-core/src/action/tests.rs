//! Actions, step by step.
