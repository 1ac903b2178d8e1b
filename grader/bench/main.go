// The benchmark's rows on Go. Called as the programs in C are: ROW N, prints `row<tab>ns`.
//
// Go's collector runs as it does by default, and its work is part of the time.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"syscall"
	"unsafe"
)

const window = 1000

type bytes16 [2]uint64
type bytes64 [8]uint64
type bytes512 [64]uint64
type bytes32k [4096]uint64
type node struct {
	next *node
	w    [7]uint64
}

// A cell is where a thread publishes its last object; 128 bytes, so that two share no line.
type cell struct {
	p *bytes64
	_ [120]byte
}

var (
	sink16  *bytes16
	sink64  *bytes64
	sink64p *node
	sink512 *bytes512
	sink32k *bytes32k
	slots   [window]*bytes64
	cells   [2]cell
)

func alloc16(n uint64) (seen uint64) {
	for i := uint64(0); i < n; i++ {
		p := new(bytes16)
		p[0] = 1
		sink16 = p
		seen += sink16[0]
	}
	return
}

func alloc64(n uint64) (seen uint64) {
	for i := uint64(0); i < n; i++ {
		p := new(bytes64)
		p[0] = 1
		sink64 = p
		seen += sink64[0]
	}
	return
}

func alloc64p(n uint64) (seen uint64) {
	for i := uint64(0); i < n; i++ {
		p := new(node)
		p.w[0] = 1
		sink64p = p
		seen += sink64p.w[0]
	}
	return
}

func alloc512(n uint64) (seen uint64) {
	for i := uint64(0); i < n; i++ {
		p := new(bytes512)
		p[0] = 1
		sink512 = p
		seen += sink512[0]
	}
	return
}

func alloc32k(n uint64) (seen uint64) {
	for i := uint64(0); i < n; i++ {
		p := new(bytes32k)
		p[0] = 1
		sink32k = p
		seen += sink32k[0]
	}
	return
}

// The first round through the window finds no old object, and counts 1 for it.
func allocb64(n uint64) (seen uint64) {
	slots = [window]*bytes64{}
	k := 0
	for i := uint64(0); i < n; i++ {
		p := new(bytes64)
		p[0] = 1
		if old := slots[k]; old != nil {
			seen += old[0]
		} else {
			seen++
		}
		slots[k] = p
		if k++; k == window {
			k = 0
		}
	}
	return
}

func alloc64x2(n uint64) uint64 {
	var wait sync.WaitGroup
	var seen [2]uint64
	wait.Add(2)
	for id := 0; id < 2; id++ {
		go func(id int) {
			sum := uint64(0)
			for i := uint64(0); i < n/2; i++ {
				p := new(bytes64)
				p[0] = 1
				cells[id].p = p
				sum += cells[id].p[0]
			}
			seen[id] = sum
			wait.Done()
		}(id)
	}
	wait.Wait()
	return seen[0] + seen[1] + n%2
}

const (
	clockMonotonic = 1
	clockProcess   = 2 // CLOCK_PROCESS_CPUTIME_ID: all threads, the collector's too
)

func now(clock uintptr) float64 {
	var t syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&t)), 0)
	return float64(t.Sec)*1e9 + float64(t.Nsec)
}

func main() {
	rows := map[string]func(uint64) uint64{
		"alloc16": alloc16, "alloc64": alloc64, "alloc64p": alloc64p, "alloc512": alloc512,
		"alloc32k": alloc32k, "allocb64": allocb64, "alloc64x2": alloc64x2,
	}
	var n uint64
	if len(os.Args) == 3 {
		n, _ = strconv.ParseUint(os.Args[2], 10, 64)
	}
	if n == 0 || rows[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: PROGRAM ROW N")
		os.Exit(2)
	}
	clock := uintptr(clockProcess)
	if os.Args[1] == "alloc64x2" {
		clock = clockMonotonic
	}
	run := rows[os.Args[1]]
	run(n/10 + 2)
	start := now(clock)
	seen := run(n)
	end := now(clock)
	if seen != n {
		fmt.Fprintf(os.Stderr, "%s: %d operations, %d values\n", os.Args[1], n, seen)
		os.Exit(1)
	}
	fmt.Printf("%s\t%.3f\n", os.Args[1], (end-start)/float64(n))
}
