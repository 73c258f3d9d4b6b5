//! Report files: a good one, wrong ones with one fault each, and a report held against its forms.
