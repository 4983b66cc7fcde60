package dev.linnet.gateway.http2;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Fields in the order in which they came or go: two arrays, where Netty's own would be a hash table for each message. It has only
 * what Netty's codec asks for, and keeps what it is given unchecked.
 */
final class FieldList extends DefaultHttp2Headers {
    private AsciiString[] names = new AsciiString[16];
    private AsciiString[] values = new AsciiString[16];
    private int count;

    /** Nobody may write to it. */
    static final FieldList NONE = new FieldList();

    FieldList() {
        super(false, 2);
    }

    FieldList reset() {
        count = 0;
        return this;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        put(AsciiString.of(name), AsciiString.of(value));
        return this;
    }

    void put(AsciiString name, AsciiString value) {
        if (count == names.length) {
            names = Arrays.copyOf(names, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        names[count] = name;
        values[count] = value;
        count++;
    }

    void copy(FieldList other) {
        reset();
        append(other);
    }

    void append(FieldList other) {
        for (int i = 0; i < other.count; i++) {
            put(other.names[i], other.values[i]);
        }
    }

    /** @param name in lower case */
    void drop(String name) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (!FieldCheck.is(names[i], name)) {
                names[kept] = names[i];
                values[kept] = values[i];
                kept++;
            }
        }
        count = kept;
    }

    AsciiString name(int field) {
        return names[field];
    }

    AsciiString value(int field) {
        return values[field];
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public boolean isEmpty() {
        return count == 0;
    }

    /** Of a response, whose first field it is. */
    @Override
    public CharSequence status() {
        return count == 0 ? AsciiString.EMPTY_STRING : values[0];
    }

    /** Nothing: Netty would compare the length with the body's, which we do for both versions of HTTP in one place. */
    @Override
    public List<CharSequence> getAll(CharSequence name) {
        return List.of();
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
        return new Walk();
    }

    /** Each entry is the walk itself: good until the next is asked for, which is all that the encoder needs. */
    private final class Walk
            implements Iterator<Map.Entry<CharSequence, CharSequence>>, Map.Entry<CharSequence, CharSequence> {
        private int at = -1;

        @Override
        public boolean hasNext() {
            return at + 1 < count;
        }

        @Override
        public Map.Entry<CharSequence, CharSequence> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            at++;
            return this;
        }

        @Override
        public CharSequence getKey() {
            return names[at];
        }

        @Override
        public CharSequence getValue() {
            return values[at];
        }

        @Override
        public CharSequence setValue(CharSequence value) {
            throw new UnsupportedOperationException("fields are not changed while they are encoded");
        }
    }
}
