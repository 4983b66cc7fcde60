/** A client's way to the API server of the same process. */
@NullMarked
package dev.linnet.cli.direct;

import org.jspecify.annotations.NullMarked;
