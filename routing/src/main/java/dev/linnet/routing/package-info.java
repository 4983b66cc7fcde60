/** Which backend gets this request, and why? Pure: no clocks, no sockets, no Kubernetes. */
@NullMarked
package dev.linnet.routing;

import org.jspecify.annotations.NullMarked;
