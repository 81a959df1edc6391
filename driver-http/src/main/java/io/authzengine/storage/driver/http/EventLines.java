package io.authzengine.storage.driver.http;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;

/**
 * Finds out when an event ends in a stream of server-sent events: at an empty line after a line of data. What it says is nobody's
 * concern, so nothing of the stream is kept, however long its lines are.
 */
final class EventLines implements Subscriber<List<ByteBuffer>> {
    private static final byte[] DATA = {'d', 'a', 't', 'a'};

    private final Runnable event;
    private final Runnable alive;
    // The client calls one after the other.
    private int column;
    private boolean matches = true;
    private boolean hasData;
    private boolean afterReturn;

    EventLines(Runnable event, Runnable alive) {
        this.event = event;
        this.alive = alive;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        alive.run();
        boolean events = false;
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining()) {
                events |= take(buffer.get());
            }
        }
        if (events) {
            event.run();
        }
    }

    /** Takes one byte; returns whether an event ends with it. */
    private boolean take(byte next) {
        boolean secondHalf = next == '\n' && afterReturn;
        afterReturn = next == '\r';
        if (secondHalf) {
            return false;
        }
        if (next != '\n' && next != '\r') {
            boolean name = column < DATA.length && next == DATA[column];
            boolean colon = column == DATA.length && next == ':';
            matches &= column > DATA.length || name || colon;
            column++;
            return false;
        }
        boolean ends = column == 0 && hasData;
        hasData = column != 0 && (hasData || (matches && column >= DATA.length));
        column = 0;
        matches = true;
        return ends;
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
