/**
 * HTTP/1.1 as bytes: scanning and editing heads, finding the end of bodies. Strict: what two servers could read in two ways is
 * refused (RFC 9112 §11). Pure, no channels; nothing here makes an object per header or per request.
 */
@NullMarked
package dev.linnet.gateway.http;

import org.jspecify.annotations.NullMarked;
