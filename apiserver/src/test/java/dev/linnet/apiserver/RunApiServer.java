package dev.linnet.apiserver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/** Starts a server to try kubectl on: {@code RunApiServer DIRECTORY [PORT] [--ephemeral]}. Ends when it is killed. */
public final class RunApiServer {
    private RunApiServer() {}

    public static void main(String[] args) throws InterruptedException {
        long start = System.nanoTime();
        int port = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        ApiServer server = ApiServer.start(new ApiServerSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                Path.of(args[0]),
                args.length > 2,
                "127.77.128.0/17",
                "kubelet-secret",
                InstantSource.system()));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.printf(
                "%s ready in %d ms, KUBECONFIG=%s%n",
                server.url(), (System.nanoTime() - start) / 1_000_000, server.kubeconfig());
        new CountDownLatch(1).await();
    }
}
