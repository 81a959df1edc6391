package io.authzengine.storage.driver.database.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where servers keep what they unpack and write: below {@code target}, or where the system property {@code database.servers} says. */
final class ServerDirectory {
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

    /** Returns a port on the loopback address that nobody uses now. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
