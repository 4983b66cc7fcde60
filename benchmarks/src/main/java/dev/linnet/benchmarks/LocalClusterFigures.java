package dev.linnet.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What {@code linnet up} costs: time to ready, memory, and how soon a changed Ingress is obeyed. */
final class LocalClusterFigures {
    private static final int STARTS = 5;
    private static final int CHANGES = 500;
    private static final int WARM_UP_CHANGES = 100;
    private static final int[] PODS = {10, 50, 100, 500};

    private final Path folder;

    LocalClusterFigures(Path folder) {
        this.folder = folder;
    }

    void print(PrintStream out) throws Exception {
        out.println(Machine.words());
        out.println();
        double[] ready = new double[STARTS];
        long[] idle = new long[STARTS];
        for (int i = 0; i < STARTS; i++) {
            try (Up up = new Up(folder.resolve("start-" + i), "--ephemeral")) {
                ready[i] = up.readySeconds;
                idle[i] = Machine.residentMegabytes(up.process.toHandle());
            }
        }
        out.printf(
                Locale.ROOT,
                "| `up --ephemeral`, process start to ready, median of %d | %.2f s |%n| resident memory when ready, median | %d MB |%n",
                STARTS,
                Ratio.median(ready),
                (long) Ratio.median(Arrays.stream(idle).asDoubleStream().toArray()));
        try (Up up = new Up(folder.resolve("effect"), "--ephemeral")) {
            measureEffect(up, out);
            measurePods(up, out);
        }
        new ApiFigures(folder).print(out);
    }

    /** Flips a canary between none and all of the traffic, and watches the answers. */
    private static void measureEffect(Up up, PrintStream out) throws Exception {
        up.apply(MANIFESTS.formatted("100"));
        try (KeepAliveClient client = new KeepAliveClient(up.port("http"), "effect.example.com")) {
            client.await("v2");
            double[] millis = new double[CHANGES];
            for (int i = -WARM_UP_CHANGES; i < CHANGES; i++) {
                boolean toCanary = i % 2 != 0;
                up.annotateCanary(toCanary ? "100" : "0");
                long answered = System.nanoTime();
                client.await(toCanary ? "v2" : "v1");
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - answered) / 1e6;
                }
            }
            Arrays.sort(millis);
            out.printf(
                    Locale.ROOT,
                    "| Ingress change, the API's answer to the first request by the new rule, p50 of %d | %.1f ms |%n| the same, p99 | %.1f ms |%n",
                    CHANGES,
                    millis[CHANGES / 2],
                    millis[CHANGES * 99 / 100]);
        }
    }

    private static void measurePods(Up up, PrintStream out) {
        for (int pods : PODS) {
            up.scale("v1", pods);
            out.printf(
                    "| resident memory with %d more Pods | %d MB |%n",
                    pods, Machine.residentMegabytes(up.process.toHandle()));
        }
    }

    private static final String MANIFESTS = version("v1")
            + version("v2")
            + ingress("effect", "v1", "{}")
            + ingress(
                    "effect-canary",
                    "v2",
                    "{nginx.ingress.kubernetes.io/canary: 'true', nginx.ingress.kubernetes.io/canary-weight: '%s'}");

    private static String version(String version) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: VERSION, namespace: default}
        spec:
          replicas: 1
          selector: {matchLabels: {app: VERSION}}
          template:
            metadata: {labels: {app: VERSION}}
            spec:
              containers:
                - name: myapp
                  image: myapp
                  env: [{name: version, value: VERSION}]
                  ports: [{containerPort: 5000}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: VERSION, namespace: default}
        spec:
          selector: {app: VERSION}
          ports: [{port: 80, targetPort: 5000}]
        ---
        """.replace("VERSION", version);
    }

    private static String ingress(String name, String service, String annotations) {
        return """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: NAME
          namespace: default
          annotations: ANNOTATIONS
        spec:
          ingressClassName: nginx
          rules:
            - host: effect.example.com
              http:
                paths:
                  - path: /
                    pathType: Prefix
                    backend: {service: {name: SERVICE, port: {number: 80}}}
        ---
        """.replace("NAME", name).replace("ANNOTATIONS", annotations).replace("SERVICE", service);
    }
}
