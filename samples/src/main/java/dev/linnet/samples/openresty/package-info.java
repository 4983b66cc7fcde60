/** The sample openresty: serves what its nginx.conf says. Start reading at OpenResty. */
@NullMarked
package dev.linnet.samples.openresty;

import org.jspecify.annotations.NullMarked;
