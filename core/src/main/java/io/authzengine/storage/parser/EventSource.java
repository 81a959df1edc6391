package io.authzengine.storage.parser;

/** Turns a text into events, without judging them. */
interface EventSource {
    /**
     * Returns the next event; {@link Event.Type#STREAM_END} is the last.
     *
     * @throws Refusal if the text breaks the grammar
     */
    Event next();
}
