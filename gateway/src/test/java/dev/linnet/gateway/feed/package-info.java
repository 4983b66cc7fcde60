@NullMarked
package dev.linnet.gateway.feed;

import org.jspecify.annotations.NullMarked;
