package dev.linnet.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** Stands in where there is no connection to an endpoint. */
enum NoUpstream implements UpstreamEnd {
    NONE;

    @Override
    public boolean isConnected() {
        return false;
    }

    @Override
    public boolean isReused() {
        return false;
    }

    @Override
    public void write(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void flush() {}

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void read(boolean on) {}

    @Override
    public void waitAtMost(long nanos) {}

    @Override
    public void waitNoLonger() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void release() {}

    @Override
    public void close() {}
}
