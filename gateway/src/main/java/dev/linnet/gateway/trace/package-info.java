/**
 * Spans of requests, for OpenTelemetry: event loops make them, one thread of its own hands them over in batches. Nothing here is loaded
 * before somebody names a collector.
 */
@NullMarked
package dev.linnet.gateway.trace;

import org.jspecify.annotations.NullMarked;
