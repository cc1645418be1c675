from cryochamber.cli import main

main()
