package io.authzengine.storage.faults.proxy;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the name a client asks for from the first message of TLS, which is not encrypted. */
final class ClientHello {
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int MOST = 16 * 1024;

    private ByteBuffer seen = ByteBuffer.allocate(0);
    private boolean done;

    /** Looks at {@code bytes} without taking them; returns the name, once, as soon as all of the message was seen. */
    Optional<String> offer(ByteBuffer bytes) {
        if (done) {
            return Optional.empty();
        }
        if (seen.remaining() == 0 && bytes.get(bytes.position()) != HANDSHAKE) {
            done = true;
            return Optional.empty();
        }
        ByteBuffer all = ByteBuffer.allocate(seen.remaining() + bytes.remaining());
        all.put(seen).put(bytes.duplicate()).flip();
        Optional<String> name = Optional.empty();
        try {
            name = name(all.duplicate());
            done = true;
        } catch (BufferUnderflowException e) {
            done = all.remaining() > MOST; // It is not all here yet.
        }
        seen = done ? ByteBuffer.allocate(0) : all;
        return name;
    }

    private static Optional<String> name(ByteBuffer hello) {
        skip(hello, 5); // Type, version and length of the record.
        if (hello.get() != CLIENT_HELLO) {
            return Optional.empty();
        }
        skip(hello, 3 + 2 + 32); // Length, version, random.
        skip(hello, hello.get() & 0xFF); // Session.
        skip(hello, hello.getShort() & 0xFFFF); // Ciphers.
        skip(hello, hello.get() & 0xFF); // Compressions.
        int left = hello.getShort() & 0xFFFF;
        while (left > 0) {
            int type = hello.getShort() & 0xFFFF;
            int length = hello.getShort() & 0xFFFF;
            if (type == SERVER_NAME) {
                skip(hello, 3); // Length of the list, and what sort of name it is.
                byte[] name = new byte[Math.min(hello.getShort() & 0xFFFF, length)];
                hello.get(name);
                return Optional.of(new String(name, StandardCharsets.US_ASCII));
            }
            skip(hello, length);
            left -= 4 + length;
        }
        return Optional.empty();
    }

    private static void skip(ByteBuffer buffer, int count) {
        if (count > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        buffer.position(buffer.position() + count);
    }
}
