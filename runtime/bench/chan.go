// chan.go - what channels and select cost in Go: the same rows as chan.c.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

const room = 128

var start time.Time
var n int
var row string

func report(right bool) {
	ns := time.Since(start).Nanoseconds()
	if !right {
		fmt.Println(row + ": a value was lost")
		os.Exit(1)
	}
	fmt.Printf("%s %.2f\n", row, float64(ns)/float64(n))
}

func pingPong(size int) {
	a, b := make(chan int, size), make(chan int, size)
	go func() {
		for v := range a {
			b <- v + 1
		}
	}()
	sum := 0
	start = time.Now()
	for i := 0; i < n; i++ {
		a <- i
		sum += <-b
	}
	report(sum == n*(n-1)/2+n)
}

func buffered(k int) {
	c, done := make(chan int, room), make(chan int, k)
	m := n / k
	start = time.Now()
	for i := 0; i < k; i++ {
		go func() {
			for i := 0; i < m; i++ {
				c <- i
			}
		}()
		go func() {
			sum := 0
			for i := 0; i < m; i++ {
				sum += <-c
			}
			done <- sum
		}()
	}
	sum := 0
	for i := 0; i < k; i++ {
		sum += <-done
	}
	report(sum == k*(m*(m-1)/2))
}

func alone() {
	c := make(chan int, room)
	sum := 0
	start = time.Now()
	for i := 0; i < n; i++ {
		c <- i
		sum += <-c
	}
	report(sum == n*(n-1)/2)
}

func select4(size int) {
	var c [4]chan int
	m := n / 4
	for i := range c {
		c[i] = make(chan int, size)
		go func(c chan int) {
			for i := 0; i < m; i++ {
				c <- i
			}
		}(c[i])
	}
	sum := 0
	start = time.Now()
	for i := 0; i < n; i++ {
		select {
		case v := <-c[0]:
			sum += v
		case v := <-c[1]:
			sum += v
		case v := <-c[2]:
			sum += v
		case v := <-c[3]:
			sum += v
		}
	}
	report(sum == 4*(m*(m-1)/2))
}

func selectAlone() {
	var c [4]chan int
	for i := range c {
		c[i] = make(chan int, 1)
	}
	sum := 0
	start = time.Now()
	for i := 0; i < n; i++ {
		c[i&3] <- i
		select {
		case v := <-c[0]:
			sum += v
		case v := <-c[1]:
			sum += v
		case v := <-c[2]:
			sum += v
		case v := <-c[3]:
			sum += v
		}
	}
	report(sum == n*(n-1)/2)
}

func ring() {
	first := make(chan int)
	last := first
	for i := 0; i < 999; i++ {
		in, out := last, make(chan int)
		go func() {
			for v := range in {
				out <- v - 1
			}
		}()
		last = out
	}
	start = time.Now()
	for v := n; v > 0; v-- {
		first <- v
		v = <-last
	}
	report(true)
}

func spawnOne() {
	c := make(chan int)
	sum := 0
	start = time.Now()
	for i := 0; i < n; i++ {
		go func() { c <- 1 }()
		sum += <-c
	}
	report(sum == n)
}

func main() {
	rows := map[string]struct {
		n  int
		fn func()
	}{
		"pp": {500000, func() { pingPong(0) }}, "ppb": {500000, func() { pingPong(1) }},
		"buf11": {2000000, func() { buffered(1) }}, "buf44": {2000000, func() { buffered(4) }},
		"chanu": {4000000, alone}, "sel4": {500000, func() { select4(0) }},
		"sel4b": {1000000, func() { select4(room) }}, "selu": {2000000, selectAlone},
		"ring": {500000, ring}, "spawn1": {500000, spawnOne},
	}
	row = os.Args[1]
	n = rows[row].n
	if len(os.Args) > 2 {
		n, _ = strconv.Atoi(os.Args[2])
	}
	rows[row].fn()
}
