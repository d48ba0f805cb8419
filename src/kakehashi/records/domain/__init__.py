"""Pure rules of records: retention periods, start and expiry dates, holds, and their reasons."""
