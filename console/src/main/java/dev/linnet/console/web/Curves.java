package dev.linnet.console.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.linnet.console.traffic.Point;
import dev.linnet.numbers.Sum;
import java.time.Instant;
import java.util.List;

/** What a chart has not been sent yet. */
final class Curves {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Instant sent = Instant.EPOCH;

    /** The time of the last point that was sent. */
    Instant sent() {
        return sent;
    }

    /** Points after those that were sent, as JSON: lists of the same length, {@code null} where there is nothing to show. */
    String news(List<Point> fresh) {
        ObjectNode news = JSON.objectNode();
        ArrayNode at = news.putArray("at");
        fresh.forEach(point -> at.add(point.at().toEpochMilli() / 1000.0));
        side(news.putObject("primary"), fresh, true);
        side(news.putObject("canary"), fresh, false);
        if (!fresh.isEmpty()) {
            sent = fresh.getLast().at();
        }
        return news.toString();
    }

    private static void side(ObjectNode side, List<Point> points, boolean primary) {
        ArrayNode rate = side.putArray("rate");
        ArrayNode success = side.putArray("success");
        ArrayNode p50 = side.putArray("p50");
        ArrayNode p95 = side.putArray("p95");
        ArrayNode p99 = side.putArray("p99");
        for (Point point : points) {
            Sum sum = primary ? point.primary() : point.canary();
            add(rate, point.rate(sum));
            add(success, sum.successRate());
            add(p50, sum.quantileMillis(0.5));
            add(p95, sum.quantileMillis(0.95));
            add(p99, sum.quantileMillis(0.99));
        }
    }

    private static void add(ArrayNode list, double value) {
        if (Double.isNaN(value)) {
            list.addNull();
        } else {
            list.add(Math.round(value * 100) / 100.0);
        }
    }
}
