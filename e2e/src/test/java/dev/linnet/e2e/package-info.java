/** The whole product from outside: its process, its ports, kubectl and curl. */
@NullMarked
package dev.linnet.e2e;

import org.jspecify.annotations.NullMarked;
