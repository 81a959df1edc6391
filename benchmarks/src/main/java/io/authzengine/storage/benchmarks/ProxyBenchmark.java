package io.authzengine.storage.benchmarks;

import io.authzengine.storage.benchmarks.measure.Figures;
import io.authzengine.storage.benchmarks.measure.Sample;
import io.authzengine.storage.driver.StorageContext;
import io.authzengine.storage.faults.FaultBinding;
import io.authzengine.storage.faults.FaultRegistry;
import io.authzengine.storage.faults.Faults;
import io.authzengine.storage.faults.policy.FaultPolicy;
import io.authzengine.storage.faults.proxy.ProxyRoute;
import io.authzengine.storage.faults.proxy.TcpFaultProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Measures what the fault proxy costs while no policy is in force, against a plain forwarder with a thread for each direction: round
 * trips of 64 bytes, and 512 MiB one way. All in one process, on the loopback interface.
 */
public final class ProxyBenchmark {
    private static final int TRIPS = 20_000;
    private static final int MEBIBYTE = 1024 * 1024;
    private static final int MEBIBYTES = 512;

    private ProxyBenchmark() {}

    /** Runs without arguments; prints a line for each way. */
    public static void main(String[] args) throws IOException {
        try (StorageContext context = StorageContext.create("benchmark");
                ServerSocket backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Forwarder forwarder = Forwarder.to(backend.getLocalPort());
                TcpFaultProxy proxy = TcpFaultProxy.start(
                        Faults.of(context, new FaultRegistry(context.ticker(), FaultRegistry.Missing.THROWS)),
                        ProxyRoute.to("127.0.0.1", backend.getLocalPort()),
                        FaultBinding.of(FaultPolicy.NONE))) {
            Forwarder.daemon(() -> accept(backend, ProxyBenchmark::serve));
            for (int round = 0; round < 3; round++) {
                measure("direct", backend.getLocalPort());
                measure("forwarder", forwarder.port());
                measure("faults", proxy.port());
            }
        }
    }

    private static void measure(String way, int port) throws IOException {
        try (Socket socket = connect(port)) {
            long[] trips = new long[TRIPS];
            byte[] small = new byte[64];
            for (int i = 0; i < TRIPS; i++) {
                long begin = System.nanoTime();
                socket.getOutputStream().write(small);
                socket.getInputStream().readNBytes(small, 0, small.length);
                trips[i] = System.nanoTime() - begin;
            }
            Figures.tell("proxy." + way + ".round-trip", 0, "ms", Sample.millis(trips));
            Figures.tell("proxy." + way + ".throughput", 0, "MiB/s", throughput(port));
        }
    }

    private static double throughput(int port) throws IOException {
        try (Socket socket = connect(port)) {
            long begin = System.nanoTime();
            byte[] large = new byte[MEBIBYTE];
            large[0] = 1; // Not to be sent back.
            for (int i = 0; i < MEBIBYTES; i++) {
                socket.getOutputStream().write(large);
            }
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
            return MEBIBYTES * 1e9 / (System.nanoTime() - begin);
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** What is done with a connection. */
    private interface Use {
        void of(Socket socket) throws IOException;
    }

    private static void accept(ServerSocket server, Use use) throws IOException {
        while (!server.isClosed()) {
            Socket socket = server.accept();
            socket.setTcpNoDelay(true);
            Forwarder.daemon(() -> use.of(socket));
        }
    }

    /** Sends back what begins with 0, and takes in all else. */
    private static void serve(Socket socket) throws IOException {
        try (socket) {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[64 * 1024];
            boolean sink = false;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sink |= buffer[0] == 1;
                if (!sink) {
                    socket.getOutputStream().write(buffer, 0, count);
                }
            }
        }
    }
}
