/** Who is calling and what they may do. */
@NullMarked
package dev.linnet.apiserver.access;

import org.jspecify.annotations.NullMarked;
