/** The HTTPS edge: connections, who may call, bodies in and replies out. Nothing here knows a resource. */
@NullMarked
package dev.linnet.apiserver.http;

import org.jspecify.annotations.NullMarked;
