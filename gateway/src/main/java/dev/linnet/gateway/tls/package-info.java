/**
 * Certificates, ours and those of others: what clients are shown, whom they must show theirs to, and how endpoints are believed. Tables
 * are made from Secrets when these change, and swapped whole; an event loop reads the one in force once per handshake.
 */
@NullMarked
package dev.linnet.gateway.tls;

import org.jspecify.annotations.NullMarked;
