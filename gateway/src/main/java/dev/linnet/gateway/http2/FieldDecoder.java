package dev.linnet.gateway.http2;

import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;

/** Netty's HPACK, decoding each message's fields into the same list. Checking them is left to {@link RequestFields} and its like. */
final class FieldDecoder extends DefaultHttp2HeadersDecoder {
    private final FieldList fields = new FieldList();

    /** @param mostBytes of all fields together, as RFC 9113 §6.5.2 counts them; a quarter more ends the connection */
    FieldDecoder(int mostBytes) {
        super(false, mostBytes);
    }

    @Override
    protected Http2Headers newHeaders() {
        return fields.reset();
    }
}
