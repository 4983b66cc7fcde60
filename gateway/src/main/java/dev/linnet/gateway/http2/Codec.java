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
    /** How much of a request's body may be on its way before we have passed it on. */
    static final int STREAM_WINDOW = 128 * 1024;

    private static final int USUAL_STREAMS = 128;

    private static final int MOST_SMALL_CONTINUATIONS = 16;

    private final Http2Connection connection;
    private final Http2ConnectionEncoder encoder;
    private final Http2ConnectionDecoder decoder;
    private final Http2Settings settings;
    private final Patience patience;
    private final int connectionWindow;

    private Codec(boolean server, Http2Settings settings, int headBytes, Patience patience, int streams) {
        this.connectionWindow = streams * STREAM_WINDOW;
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

    /**
     * For a connection that a client has opened.
     *
     * @param streams how many requests it may have under way
     */
    static Codec server(int headBytes, Patience patience, int streams) {
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(streams)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(headBytes);
        Codec codec = new Codec(true, settings, headBytes, patience, streams);
        codec.connection.remote().maxActiveStreams(streams); // from the start, acknowledged or not
        return codec;
    }

    /** For a connection to an endpoint. */
    static Codec client(int headBytes, Patience patience) {
        Http2Settings settings = new Http2Settings()
                .pushEnabled(false)
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(headBytes);
        return new Codec(false, settings, headBytes, patience, USUAL_STREAMS);
    }

    /** So large that streams which nobody reads cannot stop the others. */
    int connectionWindow() {
        return connectionWindow;
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
