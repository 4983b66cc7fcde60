package dev.linnet.gateway.http2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Puts Netty's codec together for either side: without trees of priorities, and without checks that we make ourselves. */
final class Codec {
    /** How many requests a client may have under way on a connection (spec of ingress-nginx, Appendix C). */
    static final int STREAMS = 128;
    /** How much of a request's body may be on its way before we have passed it on. */
    static final int STREAM_WINDOW = 128 * 1024;
    /** So large that streams which nobody reads cannot stop the others. */
    static final int CONNECTION_WINDOW = STREAMS * STREAM_WINDOW;

    private static final int MOST_SMALL_CONTINUATIONS = 16;

    private final Http2Connection connection;
    private final Http2ConnectionEncoder encoder;
    private final Http2ConnectionDecoder decoder;
    private final Http2Settings settings;
    private final Patience patience;

    private Codec(boolean server, Http2Settings settings, int headBytes, Patience patience) {
        this.settings = settings;
        this.patience = patience;
        this.connection = new DefaultHttp2Connection(server);
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        this.encoder = new DefaultHttp2ConnectionEncoder(
                connection, new DefaultHttp2FrameWriter(Unindexed::isUnindexed, true));
        Http2FrameReader reader = new CountedFrames(
                new DefaultHttp2FrameReader(new FieldDecoder(headBytes), MOST_SMALL_CONTINUATIONS), patience);
        this.decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, false, false);
    }

    /** For a connection that a client has opened. */
    static Codec server(int headBytes, Patience patience) {
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(STREAMS)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(headBytes);
        Codec codec = new Codec(true, settings, headBytes, patience);
        codec.connection.remote().maxActiveStreams(STREAMS); // from the start, acknowledged or not
        return codec;
    }

    /** For a connection to an endpoint. */
    static Codec client(int headBytes, Patience patience) {
        Http2Settings settings = new Http2Settings()
                .pushEnabled(false)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(headBytes);
        return new Codec(false, settings, headBytes, patience);
    }

    Patience patience() {
        return patience;
    }

    Http2ConnectionEncoder encoder() {
        return encoder;
    }

    Http2ConnectionDecoder decoder() {
        return decoder;
    }

    Http2Settings settings() {
        return settings;
    }
}
