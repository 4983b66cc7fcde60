package dev.linnet.gateway.balance;

import dev.linnet.routing.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/** Endpoints of these tests: 10.0.0.1:8080 and following. */
final class Some {
    private Some() {}

    static List<Endpoint> endpoints(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Some::endpoint).toList();
    }

    static Endpoint endpoint(int n) {
        return new Endpoint("10.0." + n / 256 + "." + n % 256, 8080, "");
    }

    static Candidates candidates(int count) {
        return candidates(endpoints(count));
    }

    static Candidates candidates(List<Endpoint> endpoints) {
        return Candidates.NONE.successor(endpoints, _ -> new Load(), 0);
    }

    static int crc(String key) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
