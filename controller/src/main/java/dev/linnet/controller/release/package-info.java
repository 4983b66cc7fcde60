/** One release at a time: what it knows, what it asks, what it does. */
@NullMarked
package dev.linnet.controller.release;

import org.jspecify.annotations.NullMarked;
