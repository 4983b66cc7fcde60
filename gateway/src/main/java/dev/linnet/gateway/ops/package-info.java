/**
 * What the gateway tells about itself: numbers, routes, explanations, health. Plain blocking code on virtual threads, on the JDK's
 * own HTTP server: nothing here touches an event loop.
 */
@NullMarked
package dev.linnet.gateway.ops;

import org.jspecify.annotations.NullMarked;
