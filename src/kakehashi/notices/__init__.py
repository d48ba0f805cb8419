"""notices (お知らせ): one message, many channels; outbox, delivery log, retry."""
