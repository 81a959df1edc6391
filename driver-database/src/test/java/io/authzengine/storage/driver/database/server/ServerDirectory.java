package io.authzengine.storage.driver.database.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/** Where servers keep what they unpack and write: below {@code target}, or where the system property {@code database.servers} says. */
final class ServerDirectory {
    private static final int FIRST_PORT = 15_000;
    private static final int LAST_PORT = 32_000;
    private static final int PORT_ATTEMPTS = 100;

    private ServerDirectory() {}

    /** Returns a directory for programs, which stay from run to run. */
    static Path programs(String name) {
        return made(root().resolve(name));
    }

    /** Returns a new directory for data. */
    static Path data(String name) {
        return made(root().resolve(name + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime()));
    }

    private static Path root() {
        return Path.of(System.getProperty("database.servers", "target/servers")).toAbsolutePath();
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns a port on the loopback address that nobody uses now; none of those that systems give to whoever asks for any, as a server
     * takes a while to be there.
     */
    static int freePort() {
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port is free from " + FIRST_PORT + " to " + LAST_PORT);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
