package dev.linnet.gateway.exchange;

import dev.linnet.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * Whoever asks an endpoint something over one {@link UpstreamEnd}, and hears what becomes of it. All calls come from the event loop
 * that owns the connection; none comes after {@link UpstreamEnd#release} or {@link UpstreamEnd#close}.
 */
public interface Asker {
    /** The connection that was asked for stands. */
    void connected();

    void connectFailed();

    /** The final or an interim response head, and what has come behind it. */
    void responseHead(ResponseHead head, ByteBuf in);

    void responseBytes(ByteBuf in);

    /** The endpoint has sent all that there was for now. */
    void upstreamReadDone();

    void upstreamWritable();

    /** The endpoint will send nothing more. */
    void upstreamDone();

    void upstreamBroken();

    /** What the endpoint sent is no HTTP. */
    void badResponse();

    void upstreamTimedOut();
}
