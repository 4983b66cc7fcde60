/** {@code linnet check} and {@code linnet convert}: for people who come from ingress-nginx. */
@NullMarked
package dev.linnet.cli.check;

import org.jspecify.annotations.NullMarked;
