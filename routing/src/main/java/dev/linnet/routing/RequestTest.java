package dev.linnet.routing;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A {@link RequestMatch}, ready to be asked about bytes. */
@FunctionalInterface
interface RequestTest {

    boolean holds(RequestView request);

    static RequestTest of(RequestMatch match) {
        RequestTest[] all = match.parts().stream().map(RequestTest::of).toArray(RequestTest[]::new);
        return request -> {
            for (RequestTest test : all) {
                if (!test.holds(request)) {
                    return false;
                }
            }
            return true;
        };
    }

    static RequestTest of(RequestMatch.Part part) {
        return switch (part) {
            case RequestMatch.Part.Path(TextMatch text, boolean anyCase) -> {
                Range range = Range.of(text, anyCase);
                yield request -> range.fits(request.bytes(), request.pathStart(), request.pathEnd());
            }
            case RequestMatch.Part.Method(TextMatch text) -> {
                Range range = Range.of(text, false);
                yield request -> range.fits(request.bytes(), request.methodStart(), request.methodEnd());
            }
            case RequestMatch.Part.Authority(TextMatch text) -> {
                Range range = Range.of(text, false);
                yield request -> range.fits(request.bytes(), request.hostStart(), endOfPort(request));
            }
            case RequestMatch.Part.Secure(boolean yes) -> request -> request.isSecure() == yes;
            case RequestMatch.Part.Header(String name, TextMatch text) -> header(name, text);
            case RequestMatch.Part.NotHeader(String name, TextMatch text) -> notHeader(name, text);
            case RequestMatch.Part.Query(String name, TextMatch text) -> query(name, Range.of(text, false));
            case RequestMatch.Part.From(RequestMatch.Source source) -> request -> source.takes(request.caller());
            case RequestMatch.Part.FromOthers(List<RequestMatch.Source> sources) -> fromOthers(sources);
        };
    }

    private static RequestTest fromOthers(List<RequestMatch.Source> sources) {
        RequestMatch.Source[] all = sources.toArray(RequestMatch.Source[]::new);
        return request -> {
            Workload caller = request.caller();
            for (RequestMatch.Source source : all) {
                if (source.takes(caller)) {
                    return false;
                }
            }
            return true;
        };
    }

    /** A port follows the host where it lies, if the client has sent one. */
    private static int endOfPort(RequestView request) {
        byte[] bytes = request.bytes();
        int end = request.hostEnd();
        if (end >= bytes.length || bytes[end] != ':') {
            return end;
        }
        int at = end + 1;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at;
    }

    private static RequestTest header(String name, TextMatch text) {
        HeaderLines lines = new HeaderLines(name, ",");
        Range range = Range.of(text, false);
        return request -> {
            int first = lines.next(request, 0);
            return first >= 0 && fits(range, lines, request, first);
        };
    }

    private static boolean fits(Range range, HeaderLines lines, RequestView request, int first) {
        if (lines.next(request, first + 1) < 0) {
            return range.fits(request.bytes(), request.valueStart(first), request.valueEnd(first));
        }
        byte[] joined = lines.joined(request, first);
        return range.fits(joined, 0, joined.length);
    }

    private static RequestTest notHeader(String name, TextMatch text) {
        HeaderLines lines = new HeaderLines(name, ",");
        Range range = Range.of(text, false);
        boolean ifAbsent = text instanceof TextMatch.IsThere || !range.fits(new byte[0], 0, 0);
        return request -> {
            int first = lines.next(request, 0);
            return first < 0 ? ifAbsent : !fits(range, lines, request, first);
        };
    }

    private static RequestTest query(String name, Range range) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        return request -> {
            byte[] bytes = request.bytes();
            int end = request.queryEnd();
            for (int at = request.queryStart(); at < end; ) {
                int next = indexOf('&', bytes, at, end);
                int equals = indexOf('=', bytes, at, next);
                if (Bytes.equal(wanted, bytes, at, equals)) {
                    return range.fits(bytes, Math.min(equals + 1, next), next);
                }
                at = next + 1;
            }
            return false;
        };
    }

    private static int indexOf(char wanted, byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** A text to be compared with a range of bytes. */
    @FunctionalInterface
    interface Range {
        boolean fits(byte[] bytes, int start, int end);

        /** @param anyCase holds for plain texts only, as in Istio */
        static Range of(TextMatch text, boolean anyCase) {
            return switch (text) {
                case TextMatch.Is(String whole)
                when anyCase -> {
                    byte[] expected = bytes(whole.toLowerCase(Locale.ROOT));
                    yield (bytes, start, end) -> Bytes.equalIgnoringCase(expected, bytes, start, end);
                }
                case TextMatch.Is(String whole) -> {
                    byte[] expected = bytes(whole);
                    yield (bytes, start, end) -> Bytes.equal(expected, bytes, start, end);
                }
                case TextMatch.Begins(String beginning)
                when anyCase -> {
                    byte[] expected = bytes(beginning.toLowerCase(Locale.ROOT));
                    yield (bytes, start, end) -> Bytes.startsIgnoringCase(expected, bytes, start, end);
                }
                case TextMatch.Begins(String beginning) -> {
                    byte[] expected = bytes(beginning);
                    yield (bytes, start, end) -> end - start >= expected.length
                            && Bytes.equal(expected, bytes, start, start + expected.length);
                }
                case TextMatch.Below(String path) -> {
                    byte[] expected = bytes(path);
                    yield (bytes, start, end) -> {
                        int next = start + expected.length;
                        return end >= next
                                && Bytes.equal(expected, bytes, start, next)
                                && (end == next || bytes[next] == '/');
                    };
                }
                case TextMatch.Matches(Pattern pattern) ->
                    (bytes, start, end) -> pattern.matcher(Arrays.copyOfRange(bytes, start, end))
                            .matches();
                case TextMatch.IsThere _ -> (_, _, _) -> true;
            };
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
